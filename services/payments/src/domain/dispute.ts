/**
 * The rules of disputes: which reading of the provider counts, and what it moves in the ledger. While a dispute is open its amount is held
 * back; a lost one takes it for good, a won one gives it back to the shop. A question of the bank (`inquiry`, `closed`) moves nothing.
 */
import { derivedUuid } from '@souk/kernel';
import type { DisputeState } from './required-interfaces.ts';

/** `reported`: the provider was not asked about it yet. */
export type KnownState = 'reported' | DisputeState;

/** A step of a dispute in the ledger. */
export type DisputeStep = 'disputed' | 'won' | 'lost';

const mayBecome: Readonly<Record<KnownState, readonly DisputeState[]>> = {
  reported: ['inquiry', 'closed', 'open', 'won', 'lost'],
  inquiry: ['closed', 'open', 'won', 'lost'],
  closed: ['open', 'won', 'lost'],
  open: ['won', 'lost'],
  won: [],
  lost: [],
};

const stepsOf: Readonly<Record<KnownState, readonly DisputeStep[]>> = {
  reported: [],
  inquiry: [],
  closed: [],
  open: ['disputed'],
  won: ['disputed', 'won'],
  lost: ['disputed', 'lost'],
};

/** The accounts of each step: `to` is debited. */
export const accountsOf: Readonly<Record<DisputeStep, { to: string; from: string }>> = {
  disputed: { to: 'disputed', from: 'provider' },
  won: { to: 'provider', from: 'disputed' },
  lost: { to: 'losses', from: 'disputed' },
};

export interface DisputeChange {
  state: KnownState;
  /** What is booked because of it, in this order. */
  steps: readonly DisputeStep[];
  /** By how much what is held back or lost of the payment changes. */
  disputed_change: number;
}

/**
 * What a reading changes of a dispute; undefined where it changes nothing: read twice, or read before one that is known already. `booked`: the state
 * up to which the ledger has it, which is `reported` while its payment was not known.
 */
export function decideDispute(booked: KnownState, read: { state: DisputeState; amount: number }): DisputeChange | undefined {
  if (!mayBecome[booked].includes(read.state)) return undefined;
  const before = stepsOf[booked];
  const amountIn = (state: KnownState): number => heldBy({ ...read, state });
  return {
    state: read.state,
    steps: stepsOf[read.state].filter((step) => !before.includes(step)),
    disputed_change: amountIn(read.state) - amountIn(booked),
  };
}

/** What a dispute holds back or has taken for good. */
export function heldBy({ state, amount }: { state: KnownState; amount: number }): number {
  return state === 'open' || state === 'lost' ? amount : 0;
}

export function hasEnded(state: KnownState): boolean {
  return state === 'won' || state === 'lost' || state === 'closed';
}

/** What the provider calls by a reference has one id here. */
export function disputeIdOf(provider: string, reference: string): string {
  return derivedUuid(`dispute at ${provider}`, reference);
}

/** The refund of what a cancelled order has left when a dispute about it has ended. */
export function refundAfterDisputeIdOf(dispute_id: string): string {
  return derivedUuid('refund-after-dispute', dispute_id);
}
