import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decideRefresh, type RefreshDecision, sessionEndMs } from './session.ts';

const session = {
  id: 's',
  user_id: 'u',
  token_hash: new Uint8Array(32),
  created_at: '1970-01-01T00:00:00.000Z',
  renewed_at: '1970-01-01T00:00:00.000Z',
  expires_at: '1970-01-01T00:00:10.000Z',
  network: null,
};

const cells: readonly (readonly [string, typeof session | undefined, boolean, boolean, number, RefreshDecision])[] = [
  ['the newest token of a living session', session, true, true, 0, 'renew'],
  ['the newest token, sealed with a key that has changed since', session, true, false, 0, 'renew'],
  ['an older token of a living session', session, false, true, 0, 'reuse'],
  ['an invented token of a living session', session, false, false, 0, 'refuse'],
  ['the newest token of a session that has ended', session, true, true, 10_000, 'refuse'],
  ['an older token of a session that has ended', session, false, true, 10_000, 'refuse'],
  ['a token of no session', undefined, false, true, 0, 'refuse'],
];

describe('a refresh token', () => {
  for (const [what, found, newest, genuine, now_ms, decision] of cells) {
    it(`${what}: ${decision}`, () => assert.equal(decideRefresh(found, { newest, genuine }, now_ms), decision));
  }

  it('prolongs its session only up to the longest life', () => {
    const limits = { idle_ms: 10, lifetime_ms: 25 };
    assert.deepEqual(
      [0, 10, 20, 25].map((now_ms) => sessionEndMs(0, now_ms, limits)),
      [10, 20, 25, 25],
    );
  });
});
