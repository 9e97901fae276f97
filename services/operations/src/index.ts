export { loadOperationsConfig, OperationsConfig } from './config.ts';
export type { OperationsContext } from './context.ts';
export { buildOperations } from './service.ts';
