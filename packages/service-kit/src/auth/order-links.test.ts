import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOrderLinks } from './order-links.ts';

const order_id = '0198c5a4-7d11-7e02-8b6d-a1b2c3d4e5f6';
const links = createOrderLinks('a'.repeat(64));
const now_ms = 1_800_000_000_000;
const link = links.sign(order_id, now_ms + 1_000);

test('a link opens its order until it ends', () => {
  assert.match(link, /^v1\.[0-9a-f-]{36}\.order\.1800000001\.[\w-]{8}\.[\w-]{43}$/);
  assert.equal(links.orderOf(`OrderLink ${link}`, now_ms), order_id);
  assert.equal(links.orderOf(`OrderLink ${link}`, now_ms + 1_000), undefined);
});

test('no changed, foreign or incomplete link opens anything', () => {
  const parts = link.split('.');
  const changed = (index: number, value: string) => parts.map((part, place) => (place === index ? value : part)).join('.');
  const other = createOrderLinks('b'.repeat(64)).sign(order_id, now_ms + 1_000);
  const wrong = [
    changed(0, 'v2'),
    changed(1, order_id.replace('f6', 'f7')),
    changed(2, 'pay'),
    changed(3, '1900000000'),
    changed(4, 'AAAAAAAA'),
    changed(5, 'A'.repeat(43)),
    other,
    parts.slice(0, 5).join('.'),
    `${link}.`,
    `${link}\n`,
    '',
  ];
  for (const text of wrong) assert.equal(links.orderOf(`OrderLink ${text}`, now_ms), undefined, text);
  for (const header of [undefined, '', `Bearer ${link}`, link, `orderlink ${link}`]) assert.equal(links.orderOf(header, now_ms), undefined);
});

test('an address is compared in all its spellings, and its digest says nothing of it', () => {
  assert.equal(links.addressDigest('Nora@B\u00fccher.example'), links.addressDigest(' nora@xn--bcher-kva.example'.trim()));
  assert.notEqual(links.addressDigest('nora@mail.example'), links.addressDigest('nor@mail.example'));
  assert.notEqual(links.addressDigest('nora@mail.example'), createOrderLinks('b'.repeat(64)).addressDigest('nora@mail.example'));
});
