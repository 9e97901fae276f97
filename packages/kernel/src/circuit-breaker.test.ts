import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createCircuitBreaker } from './circuit-breaker.ts';

const limits = { failures_max: 3, window_calls_min: 10, failure_ratio_max: 0.5, window_ms: 10_000, open_ms: 1_000 };

describe('a circuit breaker', () => {
  it('opens after failures in a row, lets one probe through, and closes when it succeeds', () => {
    const breaker = createCircuitBreaker(limits);
    for (let turn = 0; turn < 3; turn += 1) breaker.failed(breaker.admit(0) ?? -1, 0);
    assert.equal(breaker.state(), 'open');
    assert.equal(breaker.admit(999), undefined);
    assert.equal(breaker.retryAfterSeconds(0), 1);
    const probe = breaker.admit(1_000) ?? assert.fail('no probe');
    assert.equal(breaker.state(), 'half_open');
    assert.equal(breaker.admit(1_000), undefined, 'one probe at a time');
    breaker.succeeded(probe, 1_001);
    assert.equal(breaker.state(), 'closed');
  });

  it('opens again when the probe fails, and probes again when it was abandoned', () => {
    const breaker = createCircuitBreaker(limits);
    for (let turn = 0; turn < 3; turn += 1) breaker.failed(breaker.admit(0) ?? -1, 0);
    breaker.abandoned(breaker.admit(1_000) ?? -1);
    breaker.failed(breaker.admit(1_000) ?? -1, 1_000);
    assert.equal(breaker.admit(1_999), undefined);
    breaker.probeNow();
    assert.notEqual(breaker.admit(1_999), undefined, 'there is reason to try');
  });

  it('opens when half of many calls fail, though never several in a row', () => {
    const breaker = createCircuitBreaker(limits);
    for (let turn = 0; turn < 10; turn += 1) {
      const admission = breaker.admit(turn);
      if (admission === undefined) break;
      breaker[turn % 2 === 0 ? 'succeeded' : 'failed'](admission, turn);
    }
    assert.equal(breaker.state(), 'open');
  });

  it('hears nothing from calls that were let in before it turned', () => {
    const breaker = createCircuitBreaker(limits);
    const early = breaker.admit(0) ?? -1;
    for (let turn = 0; turn < 3; turn += 1) breaker.failed(breaker.admit(0) ?? -1, 0);
    breaker.succeeded(early, 10);
    assert.equal(breaker.state(), 'open');
  });

  it('never keeps a service that is well away for longer than it stays open, whatever happened before', () => {
    const outcome = fc.constantFrom('succeeded', 'failed', 'abandoned');
    fc.assert(
      fc.property(fc.array(fc.tuple(outcome, fc.integer({ min: 0, max: 3_000 })), { maxLength: 100 }), (history) => {
        const breaker = createCircuitBreaker(limits);
        let now = 0;
        for (const [what, pause] of history) {
          now += pause;
          const admission = breaker.admit(now);
          if (admission === undefined) continue;
          if (what === 'abandoned') breaker.abandoned(admission);
          else breaker[what as 'failed'](admission, now);
        }
        const admission = breaker.admit(now + limits.open_ms) ?? assert.fail('kept away');
        breaker.succeeded(admission, now + limits.open_ms);
        assert.notEqual(breaker.admit(now + limits.open_ms), undefined);
      }),
    );
  });
});
