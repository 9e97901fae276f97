import { openProcessContext, type ProcessContext, type ProcessOverrides } from '@souk/service-kit';
import type { WebConfig } from './config.ts';

export type WebContext = ProcessContext<WebConfig>;

export function openWebContext(config: WebConfig, overrides: ProcessOverrides): WebContext {
  return openProcessContext('web', config, overrides);
}
