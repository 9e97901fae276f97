import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { emailKey } from '@souk/kernel';
import { keptEmail, loginKey, usernameKey } from './login-name.ts';

const same: readonly (readonly [string, string])[] = [
  ['Nora', 'nora'],
  ['  nora \t', 'nora'],
  ['İlse', 'ilse'],
  ['ılse', 'ilse'],
  ['ｎｏｒａ', 'nora'],
  ['no\u200bra\u00ad', 'nora'],
  ['Nora@Mail.Example', 'nora@mail.example'],
  ['nora@b\u00fccher.example', 'nora@xn--bcher-kva.example'],
  ['nora@bu\u0308cher.example', 'nora@xn--bcher-kva.example'],
  ['nora@BÜCHER.example', 'nora@xn--bcher-kva.example'],
  ['jose\u0301@mail.example', 'jos\u00e9@mail.example'],
  [' nora@mail.example ', 'nora@mail.example'],
];

describe('a login', () => {
  for (const [left, right] of same) {
    it(`${JSON.stringify(left)} is the same as ${JSON.stringify(right)}`, () => assert.equal(loginKey(left), loginKey(right)));
  }

  it('of another name is another', () => {
    assert.notEqual(usernameKey('nora'), usernameKey('norah'));
    assert.notEqual(emailKey('nora@mail.example'), emailKey('nora@mail.exampel'));
    assert.notEqual(emailKey('a.b@mail.example'), emailKey('ab@mail.example'));
  });
});

describe('a kept address', () => {
  it('has its domain as A-labels, and its local part as it was given', () => {
    assert.equal(keptEmail('Nora+Shop@Bücher.Example'), 'Nora+Shop@xn--bcher-kva.example');
  });

  for (const bad of [
    'nora@1.2.3.4',

    'nora@xn--a.example\u2024',
    `nora@${'ü'.repeat(63)}.example`,
    'nora@',
    '@mail.example',
  ]) {
    it(`${JSON.stringify(bad)} is none`, () => assert.throws(() => keptEmail(bad), { code: 'validation_failed' }));
  }
});
