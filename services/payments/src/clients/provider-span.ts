import { refusal } from '@souk/contracts';
import { withDeadline } from '@souk/kernel';
import type { Cause } from '@souk/messaging';
import { type Tracer, traced } from '@souk/telemetry/tracing';
import type { PaymentProvider } from '../domain/required-interfaces.ts';

interface Asking {
  readonly tracer: Tracer;
  readonly provider: Pick<PaymentProvider, 'name'>;
  readonly config: { readonly provider_timeout_ms: number };
}

const late = (): Error => refusal('upstream_timeout', 'The payment provider did not answer in time.');

/** One call of the provider, as a span of its trace. Throws `upstream_timeout` when the answer does not come in time; a later one is dropped. */
export function atProvider<T>({ tracer, provider, config }: Asking, operation: string, cause: Cause, call: () => Promise<T>): Promise<T> {
  const start = { kind: 'client', parent: cause.traceparent, attributes: { 'peer.service': provider.name } } as const;
  return traced(tracer, `${provider.name} ${operation}`, start, () => withDeadline(call, config.provider_timeout_ms, { late }));
}
