import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decideRefresh, type PresentedToken, type RefreshDecision, sessionEndMs } from './session.ts';

const session = {
  id: 's',
  user_id: 'u',
  token_hash: new Uint8Array(32),
  previous_hash: new Uint8Array(32),
  generation: 3,
  created_at: '1970-01-01T00:00:00.000Z',
  renewed_at: '1970-01-01T00:00:10.000Z',
  expires_at: '1970-01-01T00:02:00.000Z',
  network: null,
};
const newest = { newest: true, previous: false, genuine: true };
const previous = { newest: false, previous: true, genuine: true };
const older = { newest: false, previous: false, genuine: true };
const invented = { newest: false, previous: false, genuine: false };

const cells: readonly (readonly [string, typeof session | undefined, PresentedToken, number, RefreshDecision])[] = [
  ['the newest token of a living session', session, newest, 11_000, 'renew'],
  ['the newest token, sealed with a key that has changed since', session, { ...newest, genuine: false }, 11_000, 'renew'],
  ['the token before it, at once', session, previous, 10_000, 'repeat'],
  ['the token before it, half a minute later', session, previous, 39_999, 'repeat'],
  ['the token before it, after that', session, previous, 40_000, 'reuse'],
  ['the token before it, sealed with a key that has changed since', session, { ...previous, genuine: false }, 11_000, 'refuse'],
  ['an older token of a living session', session, older, 11_000, 'reuse'],
  ['an invented token of a living session', session, invented, 11_000, 'refuse'],
  ['the newest token of a session that has ended', session, newest, 120_000, 'refuse'],
  ['an older token of a session that has ended', session, older, 120_000, 'refuse'],
  ['a token of no session', undefined, older, 11_000, 'refuse'],
];

describe('a refresh token', () => {
  for (const [what, found, token, now_ms, decision] of cells) {
    it(`${what}: ${decision}`, () => assert.equal(decideRefresh(found, token, now_ms), decision));
  }

  it('prolongs its session only up to the longest life', () => {
    const limits = { idle_ms: 10, lifetime_ms: 25 };
    assert.deepEqual(
      [0, 10, 20, 25].map((now_ms) => sessionEndMs(0, now_ms, limits)),
      [10, 20, 25, 25],
    );
  });
});
