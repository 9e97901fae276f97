import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AttemptResult, deliveryAfter, failingMostMs, isSuccess, retryAfterMs, retryWaitsMs, webhookAfterFailure } from './webhook.ts';

const now = Date.UTC(2026, 10, 30);
const answered = (status: number, retry_after_ms: number | null = null): AttemptResult => ({ status, retry_after_ms });
const silent: AttemptResult = { status: null, failure: 'timeout' };
const active = { status: 'active', disabled_reason: null, slow_level: 0, failing_since_ms: null } as const;

test('only 2xx is a success', () => {
  assert.deepEqual(
    [199, 200, 204, 299, 300, 301, 304, 400, 500].filter((status) => isSuccess(answered(status))),
    [200, 204, 299],
  );
  assert.equal(isSuccess(silent), false);
});

test('a delivery is tried ten times in about 75 hours, then it has failed', () => {
  let at = now;
  let attempts = 0;
  for (; attempts < retryWaitsMs.length; attempts += 1) {
    const change = deliveryAfter(attempts, answered(500), at, 0);
    assert.deepEqual(
      [change.status, change.attempts, change.next_attempt_at_ms],
      ['pending', attempts + 1, at + (retryWaitsMs[attempts] ?? 0)],
    );
    at = change.next_attempt_at_ms;
  }
  assert.equal(attempts, 9);
  assert.equal(Math.floor((at - now) / 3_600_000), 75);
  assert.deepEqual(deliveryAfter(attempts, silent, at, 0), {
    status: 'failed',
    attempts: 10,
    next_attempt_at_ms: at,
    last_status: null,
    last_failure: 'timeout',
  });
  assert.equal(deliveryAfter(0, answered(204), now, 0).status, 'delivered');
});

test('waits have up to a tenth more, and are as long as the receiver asks, up to a day', () => {
  const wait = (result: AttemptResult, random: number): number => deliveryAfter(0, result, now, random).next_attempt_at_ms - now;
  assert.deepEqual([wait(answered(500), 0), wait(answered(500), 1)], [5_000, 5_500]);
  assert.equal(wait(answered(429, 60_000), 0), 60_000);
  assert.equal(wait(answered(503, 1_000), 0), 5_000);
  assert.equal(wait(answered(503, 10 * 86_400_000), 0), 86_400_000);
});

test('410 disables, and so do five days without success', () => {
  assert.deepEqual(webhookAfterFailure(active, answered(410), now), {
    ...active,
    status: 'disabled',
    disabled_reason: 'gone',
    failing_since_ms: now,
    held_until_ms: null,
  });
  const after = (ms: number) => webhookAfterFailure({ ...active, failing_since_ms: now }, silent, now + ms);
  assert.equal(after(failingMostMs - 1).status, 'active');
  assert.deepEqual([after(failingMostMs).status, after(failingMostMs).disabled_reason], ['disabled', 'failing']);
  assert.equal(webhookAfterFailure({ ...active, status: 'paused' }, answered(410), now).status, 'paused');
});

test('429, 502 and 504 slow a webhook down, longer each time, at least as long as it asks', () => {
  const held = (status: number, slow_level: number, asked: number | null = null): number =>
    (webhookAfterFailure({ ...active, slow_level }, answered(status, asked), now).held_until_ms ?? now) - now;
  assert.deepEqual([held(429, 0), held(502, 1), held(504, 2), held(429, 8)], [5_000, 10_000, 20_000, 600_000]);
  assert.equal(held(429, 0, 120_000), 120_000);
  assert.equal(held(500, 3), 0);
});

test('Retry-After is read as seconds or as a date', () => {
  assert.equal(retryAfterMs('120', now), 120_000);
  assert.equal(retryAfterMs(new Date(now + 30_000).toUTCString(), now), 30_000);
  assert.equal(retryAfterMs(new Date(now - 30_000).toUTCString(), now), 0);
  for (const header of [undefined, 'soon', '-5', '']) assert.equal(retryAfterMs(header, now), null);
});
