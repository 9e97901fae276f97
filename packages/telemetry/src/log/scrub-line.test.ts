import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scrubLine } from './scrub-line.ts';

const scrubbed = (value: unknown): string => {
  const line = scrubLine(`${JSON.stringify(value)}\n`);
  JSON.parse(line);
  return line;
};

test('members with telling names lose their values at any depth, and the line stays JSON', () => {
  const line = scrubbed({
    password: 'hid"den, w\\ord',
    err: {
      details: { user: { email: 'e1', refresh_token: 't1' }, shipping_address: { street: 's1', city: 'Lisbon' }, cookie: ['c1', 'c2'] },
    },
    token: 12_345,
    new_password: null,
    user_id: 'u1',
    key: 'token',
  });
  assert.doesNotMatch(line, /hid|den,|e1|t1|s1|Lisbon|c1|c2|12345/);
  assert.match(line, /"user_id":"u1","key":"token"/);
});

test('JSON that is a text inside the line is looked through too', () => {
  const line = scrubbed({ detail: `The body was ${JSON.stringify({ password: 'hidden one', kept: 1 })}`, queue: 'q' });
  assert.doesNotMatch(line, /hidden/);
  assert.match(line, /"queue":"q"/);
});

test('addresses, tokens, cards and credentials are known by their form, wherever they stand', () => {
  const key = 'souk_live_0198c5a47f007a108b209c30ad40be50_vJ2kq0-aLxH3mZ8wB5tRnYc7dE1fUo4iGsPp6KhQyTA_2Of74m';
  const jwt = 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl';
  const line = scrubbed({
    err: {
      message: `550 <carla.o'neil+x@mail.example.org>: no such user; Bearer abc.def; ${jwt}; tok_visa was declined; ${key}, ${key.slice(0, 60)}`,
    },
    detail: JSON.stringify({ key }),
    [key]: key,
    url: 'postgres://souk:s3cret@127.0.0.1:5432/orders',
    correlation_id: '01a2155c-a625-72f2-84e4-84116a88a1d4',
  });
  assert.doesNotMatch(line, /carla|neil|example|abc\.def|eyJ|tok_|s3cret|souk_live|0198c5a4|vJ2kq0|2Of74m/);
  assert.match(line, /postgres:\/\/\[credentials\]@127\.0\.0\.1:5432\/orders/);
  assert.match(line, /01a2155c-a625-72f2-84e4-84116a88a1d4/);
});

test('a stack of our own packages stays as it is', () => {
  const stack =
    'Error: x\n    at /srv/node_modules/@souk/orders/src/main.ts:3:1\n    at async file:///srv/packages/kernel/src/async.ts:1:2';
  assert.equal(JSON.parse(scrubbed({ stack, source: 'orders@0.1.0' })).stack, stack);
});
