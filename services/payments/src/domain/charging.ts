/**
 * How one charge goes at the provider: which call is made first, and what follows from each answer. A call that fails may
 * have been carried out nevertheless, so it is followed by a question and never taken for a refusal. What the customer has to
 * finish on a page of the provider is abandoned there before it is declined here, so that nothing is both paid and cancelled.
 */
import type { Charge, ChargeAnswer, Page } from './required-interfaces.ts';

/** `ask_again` and `abandon` are last calls: what they leave open stays unknown until the payment is claimed again. */
export type ProviderCall = 'ask' | 'charge' | 'ask_again' | 'abandon';

/** An answer of undefined says that the provider has never seen the key. */
export type CallResult = { kind: 'answered'; charge: ChargeAnswer | undefined } | { kind: 'failed' };

export type ChargeOutcome = Charge | Page | { status: 'unknown' };

/** The key of a charge at the provider: always the same for the same payment, so that it is charged once. */
export function chargeKeyOf({ id }: { id: string }): string {
  return id;
}

/** One that may have been begun before is asked for before it is charged; one whose page is to close is not waited for any more. */
export function firstCall({ asked, abandons }: { asked: boolean; abandons: boolean }): ProviderCall {
  if (abandons) return 'abandon';
  return asked ? 'ask' : 'charge';
}

/** The next call, or the outcome. */
export function afterCall(call: ProviderCall, result: CallResult): ProviderCall | ChargeOutcome {
  if (result.kind === 'answered' && result.charge !== undefined)
    return result.charge.status === 'processing' ? { status: 'unknown' } : result.charge;
  if (call === 'ask_again' || call === 'abandon') return { status: 'unknown' };
  return result.kind === 'answered' ? 'charge' : 'ask_again';
}
