import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountsOf, decideDispute, disputeIdOf, hasEnded, type KnownState, refundAfterDisputeIdOf } from './dispute.ts';
import type { DisputeState } from './required-interfaces.ts';

const amount = 500;
const all: readonly DisputeState[] = ['inquiry', 'closed', 'open', 'won', 'lost'];
const decided = (booked: KnownState, state: DisputeState) => {
  const change = decideDispute(booked, { state, amount });
  return change && [change.state, change.steps, change.disputed_change];
};

test('what is first read of a dispute is booked up to where it stands', () => {
  assert.deepEqual(
    all.map((state) => decided('reported', state)),
    [
      ['inquiry', [], 0],
      ['closed', [], 0],
      ['open', ['disputed'], amount],
      ['won', ['disputed', 'won'], 0],
      ['lost', ['disputed', 'lost'], amount],
    ],
  );
});

test('a dispute goes on and never back, and the same reading changes nothing', () => {
  const going = {
    inquiry: { closed: [[], 0], open: [['disputed'], amount], won: [['disputed', 'won'], 0], lost: [['disputed', 'lost'], amount] },
    closed: { open: [['disputed'], amount], won: [['disputed', 'won'], 0], lost: [['disputed', 'lost'], amount] },
    open: { won: [['won'], -amount], lost: [['lost'], 0] },
    won: {},
    lost: {},
  } as Readonly<Record<DisputeState, Partial<Record<DisputeState, [string[], number]>>>>;
  for (const before of all)
    for (const after of all) {
      const [steps, change] = going[before][after] ?? [];
      assert.deepEqual(decided(before, after), steps && [after, steps, change], `${before} → ${after}`);
    }
});

test('what is booked step by step comes to the same as at once, from account to account', () => {
  for (const end of ['won', 'lost'] as const) {
    const steps = [decideDispute('reported', { state: 'open', amount }), decideDispute('open', { state: end, amount })];
    const at_once = decideDispute('reported', { state: end, amount });
    assert.deepEqual(
      steps.flatMap((change) => change?.steps ?? []),
      at_once?.steps,
    );
    assert.equal(
      steps.reduce((sum, change) => sum + (change?.disputed_change ?? 0), 0),
      at_once?.disputed_change,
    );
  }
  assert.deepEqual(accountsOf, {
    disputed: { to: 'disputed', from: 'provider' },
    won: { to: 'provider', from: 'disputed' },
    lost: { to: 'losses', from: 'disputed' },
  });
});

test('a dispute has ended when it is won, lost or closed; its ids follow from its name and its own', () => {
  assert.deepEqual(
    all.filter((state) => hasEnded(state)),
    ['closed', 'won', 'lost'],
  );
  assert.equal(disputeIdOf('stripe', 'dp_1'), disputeIdOf('stripe', 'dp_1'));
  assert.notEqual(disputeIdOf('stripe', 'dp_1'), disputeIdOf('sandbox', 'dp_1'));
  assert.notEqual(refundAfterDisputeIdOf(disputeIdOf('stripe', 'dp_1')), disputeIdOf('stripe', 'dp_1'));
});
