/** What becomes of intents and sessions. */
import { type Answered, type Params, refused, type StandInIntent, type StandInSession } from './objects.ts';

const unexpected = (payment_intent: StandInIntent): Answered =>
  refused(400, 'invalid_request_error', { code: 'payment_intent_unexpected_state', payment_intent });

export function confirmIntent(intent: StandInIntent, params: Params): Answered {
  if (intent.status !== 'requires_confirmation') return unexpected(intent);
  if (intent.payment_method === 'pm_declined') {
    intent.status = 'requires_payment_method';
    intent.last_payment_error = { code: 'card_declined', decline_code: 'insufficient_funds' };
    return refused(402, 'card_error', { ...intent.last_payment_error, payment_intent: intent });
  }
  if (intent.payment_method === 'pm_asks') {
    intent.status = 'requires_action';
    const redirect_to_url = { url: `https://bank.example/${intent.id}`, return_url: params['return_url'] };
    intent.next_action = { type: 'redirect_to_url', redirect_to_url };
  } else succeed(intent);
  return { status: 200, body: intent };
}

export function succeed(intent: StandInIntent): void {
  Object.assign(intent, { status: 'succeeded', amount_received: intent.amount, next_action: null });
}

export function cancelIntent(intent: StandInIntent): Answered {
  if (['succeeded', 'canceled', 'processing'].includes(intent.status)) return unexpected(intent);
  intent.status = 'canceled';
  return { status: 200, body: intent };
}

export function expireSession(session: StandInSession): Answered {
  if (session.status !== 'open') return refused(400, 'invalid_request_error', {});
  Object.assign(session, { status: 'expired', url: null });
  return { status: 200, body: session };
}
