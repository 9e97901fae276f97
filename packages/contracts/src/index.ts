export * from './define-event.ts';
export * from './define-route.ts';
export * from './errors.ts';
export * from './events/index.ts';
export * as fields from './fields.ts';
export * from './http/index.ts';
export * from './metrics.ts';
export * from './topology.ts';
