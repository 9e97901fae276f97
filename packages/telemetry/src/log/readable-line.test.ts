import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readableLine } from './readable-line.ts';

const options = { colours: false, with_service: true };
const time = '2026-03-01T12:00:01.234Z';

describe('a line on a terminal', () => {
  it('of a request begins with method, route, status and time', () => {
    const request = { method: 'POST', route: '/api/orders', status: 201, ms: 12.34, correlation_id: 'c-1', caller: 'u-1' };
    const line = { level: 'info', time, service: 'orders', instance_id: 'orders-1', ...request, msg: 'request' };
    assert.deepEqual(readableLine(JSON.stringify(line), options), [
      '12:00:01.234 INFO  orders        POST /api/orders 201 12.3 ms  correlation_id=c-1  caller=u-1',
    ]);
  });

  it('of anything else has its message, its fields by name, and the stack of an error below', () => {
    const err = { message: 'boom', stack: 'Error: boom\n    at here' };
    const line = { level: 'error', time, service: 'users', caller: 'u-1', err, msg: 'a bug' };
    assert.deepEqual(readableLine(JSON.stringify(line), options), [
      '12:00:01.234 ERROR users         a bug  boom  caller=u-1',
      '      at here',
    ]);
    assert.deepEqual(readableLine('not \u001b[2JJSON', options), ['not JSON']);
  });

  it('is never more than one, whatever the fields hold', () => {
    const line = { level: 'info', time, service: 'users', route: 'a\nb', msg: 'two\nlines' };
    assert.equal(readableLine(JSON.stringify(line), options).length, 1);
  });
});
