import {
  createInstanceDirectory,
  type InstanceDirectory,
  openProcessContext,
  type ProcessContext,
  type ProcessOverrides,
} from '@souk/service-kit';
import type { OperationsConfig } from './config.ts';

export interface OperationsContext extends ProcessContext<OperationsConfig> {
  /** All instances of the platform, as the gateways list them. */
  readonly directory: InstanceDirectory;
}

export function openOperationsContext(config: OperationsConfig, overrides: ProcessOverrides): OperationsContext {
  const context = openProcessContext('operations', config, overrides);
  return { ...context, directory: createInstanceDirectory(context) };
}
