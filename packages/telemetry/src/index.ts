export { createLog, type LogOptions } from './log/create-log.ts';
export { readableLine } from './log/readable-line.ts';
export { isHeartbeat, logRequestLine } from './log/request-log.ts';
export { createSecurityLog, type SecurityEvent, type SecurityEventName, type SecurityLog, silentSecurityLog } from './log/security-log.ts';
export { createServiceMetrics, type ServiceMetrics } from './metrics/service-metrics.ts';
export { createServiceTracer, type ServiceTracer } from './tracing/service-tracer.ts';
