import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOneMailbox } from './mailbox.ts';
import { mailboxOf } from './recipient-limits.ts';

test('an address is one mailbox, and nothing else is', () => {
  for (const address of [
    'carla@mail.example',
    "o'neil+shop@mail.example",
    'a.b@xn--bcher-kva.example',
    'ana_1@localhost',
    'jürgen@mail.example',
  ])
    assert.ok(isOneMailbox(address), address);
  for (const address of [
    'x,victim@bank.example',
    'x;victim@bank.example',
    'x:victim@bank.example;',
    'x@one.example,y@two.example',
    'Name <x@mail.example>',
    '<x@mail.example>',
    '"x y"@mail.example',
    '"x"@mail.example',
    'x@mail.example (comment)',
    '(comment)x@mail.example',
    '@route.example:x@mail.example',
    'x@y@mail.example',
    '.x@mail.example',
    'x..y@mail.example',
    'x@mail..example',
    'x@[127.0.0.1]',
    'x @mail.example',
    'x@mail.example\r\nBcc: y@mail.example',
    'x\u2028y@mail.example',
    'erased',
    '@mail.example',
    'x@',
    '',
    `${'x'.repeat(250)}@mail.example`,
  ])
    assert.ok(!isOneMailbox(address), JSON.stringify(address));
});

test('spellings of one mailbox are one recipient', () => {
  const spellings = ['carla@mail.example', 'Carla@MAIL.example', 'carla+a+b@mail.example', 'ｃarla@mail.example'];
  assert.equal(new Set(spellings.map(mailboxOf)).size, 1);
  assert.notEqual(mailboxOf('carlo@mail.example'), mailboxOf('carla@mail.example'));
  assert.equal(mailboxOf('+351211234567'), '+351211234567');
});
