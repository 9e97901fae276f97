import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { timestamp } from '@souk/kernel';
import {
  type FailureRecord,
  type FailureTimes,
  failAddress,
  failGrowing,
  networkOf,
  type ThrottleLimits,
  waitAfterMs,
  waitMs,
} from './login-throttle.ts';

const limits: ThrottleLimits = {
  pair_failures_max: 5,
  account_failures_max: 100,
  wait_ms_first: 15_000,
  wait_ms_max: 900_000,
  account_memory_ms: 3_600_000,
  address_failures_max: 20,
  address_window_ms: 60_000,
};

function recordOf({ failures, blocked_until_ms, expires_at_ms }: FailureTimes): FailureRecord {
  return { failures, blocked_until: timestamp(blocked_until_ms), expires_at: timestamp(expires_at_ms) };
}

describe('throttling of sign-ins', () => {
  it('waits grow from the fifth failure up to their limit', () => {
    assert.deepEqual(
      [1, 4, 5, 6, 7, 10, 11, 12, 1_000].map((failures) => waitAfterMs(failures, 5, limits) / 1_000),
      [0, 0, 15, 30, 60, 480, 900, 900, 900],
    );
  });

  it('failures of a name are forgotten after their time, not before', () => {
    const record = recordOf(failGrowing(undefined, 5, 0, limits));
    assert.equal(failGrowing(record, 5, limits.account_memory_ms - 1, limits).failures, 2);
    assert.equal(failGrowing(record, 5, limits.account_memory_ms, limits).failures, 1);
  });

  it('an address is blocked until the end of the window its first failure began', () => {
    let record: FailureRecord | undefined;
    for (let attempt = 0; attempt < 20; attempt += 1) {
      assert.equal(waitMs(record ? [record] : [], attempt * 1_000), 0);
      record = recordOf(failAddress(record, attempt * 1_000, limits));
    }
    assert.equal(waitMs(record ? [record] : [], 20_000), 40_000);
    assert.equal(waitMs(record ? [record] : [], 60_000), 0);
    assert.equal(failAddress(record, 60_000, limits).failures, 1);
  });

  for (const [address, network] of [
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::6', '2001:db8:1:2::/64'],
    ['2001:0db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ] as const) {
    it(`${address} counts as ${network}`, () => assert.equal(networkOf(address), network));
  }
});
