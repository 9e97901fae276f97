import { type Tracer, traced } from '@souk/kernel';
import type { Cause } from '@souk/messaging';
import type { PaymentProvider } from '../domain/ports.ts';

interface Asking {
  readonly tracer: Tracer;
  readonly provider: Pick<PaymentProvider, 'name'>;
}

/** One call of the provider, as a span of the story it belongs to. */
export function atProvider<T>({ tracer, provider }: Asking, operation: string, cause: Cause, call: () => Promise<T>): Promise<T> {
  const attributes = { 'peer.service': provider.name };
  return traced(tracer, `${provider.name} ${operation}`, { kind: 'client', parent: cause.traceparent, attributes }, call);
}
