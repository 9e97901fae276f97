import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fields } from '@souk/contracts';
import type { TSchema } from 'typebox';
import { Check } from 'typebox/value';

interface Table {
  accepts: readonly unknown[];
  refuses: readonly unknown[];
}

const tooLong = (length: number): string => 'x'.repeat(length);

const tables: readonly [string, Table][] = [
  [
    'OrderId',
    {
      accepts: ['0198c5a4-7be2-7f19-93c4-0d5e6f708192', '00000000-0000-0000-0000-000000000000'],
      refuses: [
        '0198C5A4-7BE2-7F19-93C4-0D5E6F708192',
        '0198c5a47be27f1993c40d5e6f708192',
        ' 0198c5a4-7be2-7f19-93c4-0d5e6f708192',
        '0198c5a4-7be2-7f19-93c4-0d5e6f708192\n',
        "' or 1=1 --",
        '',
        1,
        null,
      ],
    },
  ],
  [
    'Username',
    {
      accepts: ['bob', 'a.b', 'Anna-Maria_2', '007', tooLong(40)],
      refuses: ['', 'ab', '.bob', 'bob.', '-bob', '_bob_', 'b ob', 'bób', 'bob@home', tooLong(41), '<b>bob</b>', 'bob\n', 'bob\u0000x'],
    },
  ],
  [
    'Email',
    {
      accepts: ['a@b.co', 'first.last+tag@example.org', "o'hara@sub.example.co.uk", 'ü@example.org', `${tooLong(64)}@example.org`],
      refuses: [
        '',
        'a',
        'a@',
        '@b.co',
        'a@b',
        'a b@c.de',
        'a@b..co',
        'a@-b.co',
        'a@b-.co',
        'a@b.co\n',
        'a@b@c.de',
        '<a@b.co>',
        '"a"@b.co',
        `${tooLong(65)}@b.co`,
        `a@${tooLong(250)}.org`,
      ],
    },
  ],
  [
    'Phone',
    {
      accepts: ['+351211234567', '+15551234567'],
      refuses: ['351211234567', '+0123456789', '+1 555 1234567', '+123', '+1234567890123456', '+12345678a'],
    },
  ],
  [
    'Password',
    { accepts: [tooLong(10), 'пароль пароль', ' '.repeat(12), tooLong(200)], refuses: ['', tooLong(9), tooLong(201), 1234567890] },
  ],
  [
    'FullName',
    {
      accepts: ['Ada', 'José Ñandú', '李小龍', "O'Neil", '🧵 Knit', '<script>alert(1)</script>'],
      refuses: ['', 'a\nb', 'a\u0000b', 'a\u007fb', tooLong(121), null],
    },
  ],
  ['Amount', { accepts: [0, 0.01, 129.95, 1e12], refuses: [-0.01, 1e12 + 1, Number.POSITIVE_INFINITY, Number.NaN, '1', null, true] }],
  ['PositiveAmount', { accepts: [0.01, 1e12], refuses: [0, -1] }],
  ['Quantity', { accepts: [1, 10_000], refuses: [0, -1, 1.5, 10_001, '1', Number.NaN, 2 ** 53] }],
  ['StockQuantity', { accepts: [0, 1_000_000_000], refuses: [-1, 1_000_000_001, 0.5] }],
  ['QuantityChange', { accepts: [-5, 0, 5], refuses: [0.1, 1_000_000_001, -1_000_000_001, '5'] }],
  ['Currency', { accepts: ['EUR', 'JPY'], refuses: ['eur', 'EU', 'EURO', '€', '', 'EUR '] }],
  [
    'Timestamp',
    {
      accepts: ['2026-11-22T09:30:00Z', '2026-11-22T09:30:00.123Z', '2026-11-22T09:30:00.123456Z'],
      refuses: ['2026-11-22', '2026-11-22T09:30:00+01:00', '2026-11-22 09:30:00Z', '2026-11-22T09:30:00', '', 0],
    },
  ],
  ['Version', { accepts: [1, 99], refuses: [0, -1, 1.5, '1'] }],
  ['Sku', { accepts: ['LAMP-OAK', 'a b/c', '🛋'], refuses: ['', 'a\tb', tooLong(121)] }],
  ['Description', { accepts: ['', 'one\ntwo\r\n\tthree', tooLong(20_000)], refuses: ['a\u0000b', 'a\u0008b', tooLong(20_001)] }],
  [
    'ImageUrl',
    {
      accepts: [
        'https://example.org/a.png',
        'http://a/b?c=d',
        '/pictures/lamp.svg',
        '/pictures/%C3%A9t%C3%A9.svg',
        '/größe.svg',
        'https://例え.jp/画像.png?w=1&h=2#x',
        'https://cdn.example.org:8443/a@2x.png',
        'http://[2001:db8::1]:80/a.png',
        'https://example.org/c?u=https://user@b.org/',
      ],
      refuses: [
        '',
        'javascript:alert(1)',
        'data:image/png;base64,AA',
        'ftp://a/b',
        'https://a b',
        'pictures/lamp.svg',
        '//evil.example/a.png',
        '/\\evil.example/a.png',
        '\\\\evil.example/a.png',
        '/\t/evil.example/a.png',
        '/%2fevil.example/a.png',
        '/%2Fevil.example/a.png',
        '/%5cevil.example/a.png',
        '/.//evil.example/a.png',
        '/../a.png',
        '/a.png\u0000',
        '/a%00.png',
        '/a%0d%0aX-Evil:1.png',
        '/a\u202e.png',
        '/a\u0085.png',
        'https://user:secret@example.org/a.png',
        'https://example.org@evil.example/a.png',
        'https://example.org:80@evil.example/a.png',
        'https://evil.example\\@example.org/a.png',
        'https:///evil.example/a.png',
        'https:/evil.example/a.png',
        'https:evil.example',
        'https://',
        'https://exa%2fmple.org/a.png',
        ' javascript:alert(1)',
        'JavaScript:alert(1)',
        'java\tscript:alert(1)',
        '/"onerror=alert(1)',
        '/<script>',
        `https://${tooLong(2_000)}`,
      ],
    },
  ],
  [
    'Attributes',
    {
      accepts: [{}, { colour: 'oak', ['größe']: 'XL', empty: '' }],
      refuses: [
        { colour: 1 },
        { '': 'x' },
        { [tooLong(61)]: 'x' },
        { a: tooLong(301) },
        { a: 'x\ny' },
        Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`a${n}`, 'x'])),
        [],
        'x',
      ],
    },
  ],
  ['PaymentMethod', { accepts: ['tok_visa', 'pm_1Abc'], refuses: ['', 'to', '4111 1111 1111 1111', 'tok-visa', tooLong(101)] }],
  ['OrderNumber', { accepts: ['S-00001', 'S-123456789'], refuses: ['S-1', 's-00001', '00001', 'S-0000a'] }],
  ['CancelReason', { accepts: ['out_of_stock', 'staff_request'], refuses: ['', 'because', 'OUT_OF_STOCK', null] }],
  ['OrderStatus', { accepts: ['pending', 'completed'], refuses: ['done', '', null] }],
  [
    'ShippingAddress',
    {
      accepts: [
        { street: '1 Market Square', city: 'Lisbon', country: 'PT' },
        { street: 'ул. Ленина 1', city: '東京', country: 'JP', postal_code: '100', phone: '030 1' },
      ],
      refuses: [
        {},
        { street: 'x', city: 'y' },
        { street: '', city: 'y', country: 'z' },
        { street: 'x', city: 'y', country: 'z', planet: 'Mars' },
        { street: 'x\ny', city: 'y', country: 'z' },
        { street: 1, city: 'y', country: 'z' },
        null,
        [],
      ],
    },
  ],
];

for (const [name, { accepts, refuses }] of tables) {
  test(`${name} takes what it is for and nothing else`, () => {
    const schema = (fields as unknown as Record<string, TSchema>)[name] as TSchema;
    for (const value of accepts) assert.ok(Check(schema, value), `should be taken: ${JSON.stringify(value)}`);
    for (const value of refuses) assert.ok(!Check(schema, value), `should be refused: ${JSON.stringify(value)}`);
  });
}

test('a nullable field takes null and its own values only', () => {
  const schema = fields.Nullable(fields.CancelReason);
  for (const value of [null, 'out_of_stock']) assert.ok(Check(schema, value));
  for (const value of [undefined, '', 'because', 0]) assert.ok(!Check(schema, value));
});
