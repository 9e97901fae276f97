import assert from 'node:assert/strict';
import { test } from 'node:test';
import { returnPath } from './return-path.ts';

for (const [wanted, expected] of [
  ['/account', '/account'],
  ['/', '/'],
  ['/search?q=a%20b&sort=price', '/search?q=a%20b&sort=price'],
  ['/p/kettle#facts', '/p/kettle'],
  ['/a/../account', '/account'],
  [undefined, undefined],
  ['', undefined],
  ['account', undefined],
  ['https://evil.example/', undefined],
  ['//evil.example', undefined],
  ['/\\evil.example', undefined],
  ['\\\\evil.example', undefined],
  ['/\t/evil.example', undefined],
  ['/%09/evil.example', '/%09/evil.example'],
  ['/..//evil.example', undefined],
  ['/.//evil.example', undefined],
  ['/x/..//evil.example', undefined],
  ['javascript:alert(1)', undefined],
  [' /account', undefined],
  ['/a\r\nset-cookie: x=1', undefined],
  ['/ünder', undefined],
  ['/sign-in?to=/account', undefined],
  ['/sign-out', undefined],
  ['/register', undefined],
  ['/x/../sign-out', undefined],
  ['/sign-information', '/sign-information'],
  [`/${'x'.repeat(1_000)}`, undefined],
] as const)
  test(`the way back to ${JSON.stringify(wanted?.slice(0, 60))} is ${JSON.stringify(expected)}`, () =>
    assert.equal(returnPath(wanted), expected));
