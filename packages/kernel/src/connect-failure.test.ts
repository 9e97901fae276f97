import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isConnectFailure } from './connect-failure.ts';

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
