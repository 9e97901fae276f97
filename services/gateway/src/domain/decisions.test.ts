import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isConnectFailure } from './connect-failure.ts';
import { overallState, type State, serviceState } from './overall-health.ts';
import { createRetryBudget } from './retry-budget.ts';

describe('health', () => {
  const services: readonly (readonly [State[], State])[] = [
    [[], 'unhealthy'],
    [['healthy', 'healthy'], 'healthy'],
    [['healthy', 'unhealthy'], 'degraded'],
    [['degraded'], 'degraded'],
    [['unhealthy', 'unhealthy'], 'unhealthy'],
  ];
  for (const [instances, state] of services)
    it(`of a service with [${instances}] is ${state}`, () => assert.equal(serviceState(instances), state));

  const wholes: readonly (readonly [State, State[], State])[] = [
    ['healthy', ['healthy', 'healthy'], 'healthy'],
    ['healthy', ['healthy', 'unhealthy'], 'degraded'],
    ['degraded', ['healthy'], 'degraded'],
    ['healthy', ['unhealthy', 'unhealthy'], 'unhealthy'],
    ['unhealthy', ['healthy'], 'unhealthy'],
    ['healthy', [], 'unhealthy'],
  ];
  for (const [gateway, parts, state] of wholes)
    it(`of the whole with ${gateway} and [${parts}] is ${state}`, () => assert.equal(overallState(gateway, parts), state));
});

describe('the retry budget', () => {
  it('allows what was saved, then a share of the requests', () => {
    const budget = createRetryBudget({ share_max: 0.25, saved_max: 2 });
    assert.deepEqual([budget.withdraw(), budget.withdraw(), budget.withdraw()], [true, true, false]);
    let retries = 0;
    for (let turn = 0; turn < 100; turn += 1) {
      budget.deposit();
      if (budget.withdraw()) retries += 1;
    }
    assert.equal(retries, 25);
  });
});

describe('a connection that did not come about', () => {
  const coded = (code: string): Error => Object.assign(new Error(code), { code });
  it('is told from one that broke off', () => {
    assert.equal(isConnectFailure(coded('ECONNREFUSED')), true);
    assert.equal(isConnectFailure(new AggregateError([coded('ECONNREFUSED'), coded('EHOSTUNREACH')], 'all addresses failed')), true);
    assert.equal(isConnectFailure(new Error('wrapped', { cause: coded('UND_ERR_CONNECT_TIMEOUT') })), true);
    for (const error of [
      coded('ECONNRESET'),
      coded('UND_ERR_SOCKET'),
      new AggregateError([coded('ECONNREFUSED'), coded('EPIPE')], 'all addresses failed'),
      undefined,
    ])
      assert.equal(isConnectFailure(error), false);
  });
});
