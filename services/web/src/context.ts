import {
  createInstanceDirectory,
  type InstanceDirectory,
  openProcessContext,
  type ProcessContext,
  type ProcessOverrides,
} from '@souk/service-kit';
import type { WebConfig } from './config.ts';

export interface WebContext extends ProcessContext<WebConfig> {
  /** The instances of the services that the graph is gathered from. */
  readonly directory: InstanceDirectory;
}

export function openWebContext(config: WebConfig, overrides: ProcessOverrides): WebContext {
  const context = openProcessContext('web', config, overrides);
  return { ...context, directory: createInstanceDirectory(context) };
}
