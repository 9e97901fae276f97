import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkRoomForKey, endOfNewKey, isUseDue, keyFault, secondsLeft } from './api-key.ts';

const now_ms = Date.parse('2026-11-29T12:00:00.000Z');
const key = {
  id: 'k',
  user_id: 'u',
  name: 'Warehouse',
  scopes: ['orders:read'] as string[],
  created_at: '2026-11-01T00:00:00.000Z',
  expires_at: null,
  last_used_at: null,
  deleted_at: null,
  role: 'admin',
  second_factor: false,
} as const;

test('a key is good while it has not ended and its creator is an administrator', () => {
  assert.equal(keyFault(key, 'off', now_ms), undefined);
  assert.equal(keyFault({ ...key, expires_at: '2026-11-29T12:00:00.001Z' }, 'off', now_ms), undefined);
  assert.equal(keyFault({ ...key, expires_at: '2026-11-29T12:00:00.000Z' }, 'off', now_ms), 'expired');
  assert.equal(keyFault({ ...key, deleted_at: '2026-11-29T11:59:59.000Z' }, 'off', now_ms), 'deleted');
  for (const role of ['staff', 'customer'] as const) assert.equal(keyFault({ ...key, role }, 'off', now_ms), 'creator');
});

test('where administrators need a second factor, so do the keys of one', () => {
  for (const policy of ['admin', 'staff'] as const) {
    assert.equal(keyFault(key, policy, now_ms), 'creator');
    assert.equal(keyFault({ ...key, second_factor: true }, policy, now_ms), undefined);
  }
});

test('a token does not outlive its key', () => {
  assert.equal(secondsLeft(key, 600, now_ms), 600);
  assert.equal(secondsLeft({ expires_at: '2026-11-29T12:01:30.900Z' }, 600, now_ms), 90);
  assert.equal(secondsLeft({ expires_at: '2026-11-29T12:00:00.100Z' }, 600, now_ms), 1);
});

test('a use is written once a minute', () => {
  assert.ok(isUseDue(key, now_ms));
  assert.ok(!isUseDue({ last_used_at: '2026-11-29T11:59:00.001Z' }, now_ms));
  assert.ok(isUseDue({ last_used_at: '2026-11-29T11:59:00.000Z' }, now_ms));
});

test('a new key ends in the future or not at all, and there are at most twenty', () => {
  assert.equal(endOfNewKey(undefined, now_ms), null);
  assert.equal(endOfNewKey('2026-11-29T12:00:01Z', now_ms), '2026-11-29T12:00:01.000Z');
  for (const passed of ['2026-11-29T12:00:00Z', '1970-01-01T00:00:00Z', '2026-13-45T99:99:99Z'])
    assert.throws(() => endOfNewKey(passed, now_ms), { code: 'validation_failed' }, passed);
  checkRoomForKey(19);
  assert.throws(() => checkRoomForKey(20), { code: 'too_many_api_keys' });
});
