/** The client span of one try at one instance: retries show as further spans. */
import { isSampled } from '@souk/kernel';
import type { Span, Tracer } from './tracer.ts';

export interface AttemptStart {
  parent: string | undefined;
  method: string;
  /** As declared, or the address for the gateway's own questions; without its query. */
  path: string;
  service: string;
  instance: { readonly host: string; readonly port: number; readonly instance_id: string };
}

const serverFault = 500;

/** Undefined below a trace that is not recorded. `before` is how many tries there were. */
export function startAttemptSpan(
  tracer: Tracer,
  { parent, method, path, service, instance }: AttemptStart,
  before: number,
): Span | undefined {
  if (!tracer.active || !isSampled(parent)) return undefined;
  const attributes = {
    'http.request.method': method,
    'http.route': path,
    'http.request.resend_count': before,
    'server.address': instance.host,
    'server.port': instance.port,
    'souk.upstream': service,
    'souk.upstream_instance': instance.instance_id,
  };
  return tracer.start(`${method} ${path}`, { kind: 'client', parent, attributes });
}

/** The head of the answer has come. */
export function spanAnswered(span: Span | undefined, status: number): void {
  span?.set({ 'http.response.status_code': status });
  if (status >= serverFault) span?.fail(String(status));
}
