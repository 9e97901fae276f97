/** What the stand-in keeps and answers, in Stripe's own words. */

/** `lost`: done, and the connection breaks. `failed_after`: done, and answered with 500. `failed`: not done, answered with 500. */
export type StripeFault = 'none' | 'lost' | 'failed_after' | 'failed';
export type Params = Readonly<Record<string, string>>;
type Status = 'requires_confirmation' | 'requires_action' | 'requires_payment_method' | 'processing' | 'succeeded' | 'canceled';

export interface StandInIntent {
  id: string;
  object: 'payment_intent';
  amount: number;
  amount_received: number;
  currency: string;
  created: number;
  status: Status;
  payment_method: string;
  metadata: Record<string, string>;
  next_action: object | null;
  last_payment_error: object | null;
}

export interface StandInSession {
  id: string;
  object: 'checkout.session';
  url: string | null;
  status: 'open' | 'complete' | 'expired';
  payment_status: 'paid' | 'unpaid';
  expires_at: number;
  payment_intent: string | null;
  amount: number;
  currency: string;
  metadata: Record<string, string>;
}

export interface StandInRefund {
  id: string;
  object: 'refund';
  amount: number;
  created: number;
  payment_intent: string;
  status: string;
  metadata: Record<string, string>;
}

export interface StandInDispute {
  id: string;
  object: 'dispute';
  amount: number;
  currency: string;
  created: number;
  charge: string;
  payment_intent: string;
  reason: string;
  status: string;
  evidence_details: { due_by: number | null };
}

export interface StandInEvent {
  id: string;
  object: 'event';
  type: string;
  created: number;
  data: { object: object };
}

export interface Answered {
  status: number;
  body: object;
}

export const refused = (status: number, type: string, more: object): Answered => ({
  status,
  body: { error: { type, message: 'refused', ...more } },
});
export const missing = refused(404, 'invalid_request_error', { code: 'resource_missing' });
export const broken = refused(500, 'api_error', {});

export const list = (data: readonly object[]): Answered => ({ status: 200, body: { object: 'list', url: '/', has_more: false, data } });
export const seconds = (): number => Math.floor(Date.now() / 1_000);

export function metadataOf(params: Params): Record<string, string> {
  return Object.fromEntries(
    Object.entries(params).flatMap(([name, value]) => {
      const member = /^metadata\[(\w+)\]$/.exec(name)?.[1];
      return member === undefined ? [] : [[member, value]];
    }),
  );
}
