import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decimalOf, decimalText } from '../src/decimal.ts';
import { createFormats } from '../src/formats.ts';
import { orderNamed } from '../src/frame/order-named.ts';

const formats = createFormats('en-GB', 'Europe/Lisbon');
const now_ms = Date.parse('2026-07-01T12:00:00Z');

describe('formats', () => {
  it('write every moment in the one time zone', () => {
    assert.equal(formats.time('2026-07-01T12:00:05Z'), '13:00:05');
    assert.equal(formats.moment('2026-01-01T12:00:05Z'), '1 Jan 2026, 12:00:05');
  });

  it('say how long ago something was by the largest unit that fits', () => {
    const ago = (past_ms: number): string => formats.ago(now_ms - past_ms, now_ms);
    assert.deepEqual([-5, 3_000, 119_000, 7_200_000, 172_800_000].map(ago), ['now', '3 sec ago', '1 min ago', '2 hr ago', '2 days ago']);
  });

  it('write lengths of time and amounts', () => {
    assert.deepEqual([0, 9, 5_017, 90_000, 5_400_000].map(formats.duration), ['0 ms', '9 ms', '5.02 s', '1.5 min', '1.5 h']);
    assert.deepEqual([formats.money(69, 'EUR'), formats.money(-20.5, 'EUR'), formats.money(1_234, 'JPY')], ['€69.00', '−€20.50', '¥1,234']);
  });
});

describe('decimals that are typed', () => {
  it('are read exactly, with a point or a comma', () => {
    assert.equal(decimalText((decimalOf('0.3') ?? 0n) - (decimalOf('0,1') ?? 0n)), '0.2');
    assert.equal(decimalText(decimalOf('98.00') ?? 0n), '98');
    assert.equal(decimalText(-(decimalOf('0.05') ?? 0n)), '-0.05');
  });

  it('are refused when they are none', () => {
    for (const text of ['', 'x', '1e3', '-1', '1.', '1.2.3', '0.1234567', '1 000']) assert.equal(decimalOf(text), undefined, text);
  });
});

describe('an order that is looked for', () => {
  it('is named by its number in any spelling, or by its id', () => {
    for (const text of ['S-10042', 's10042', ' 10042 ']) assert.deepEqual(orderNamed(text), { number: 'S-10042' }, text);
    const id = '0198C58F-f00d-7c55-b9a8-20e4d5c6b7a8';
    assert.deepEqual(orderNamed(id), { ids: id.toLowerCase() });
  });

  it('is not named by less', () => {
    for (const text of ['', 'orders', '1042', 'S-', '0198c58f']) assert.equal(orderNamed(text), undefined, text);
  });
});
