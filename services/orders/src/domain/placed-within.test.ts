import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placedWithin } from './placed-within.ts';

test('ids of a span of time lie within its bounds, with an hour to spare, and no bound stands where none is asked for', () => {
  const { first_id, end_id, from, to } = placedWithin('2026-11-29T12:00:00Z', '2026-11-29T13:00:00Z');
  assert.deepEqual([from, to], ['2026-11-29T12:00:00Z', '2026-11-29T13:00:00Z']);
  const timeOf = (id = '') => Number.parseInt(id.replace('-', '').slice(0, 12), 16);
  assert.equal(timeOf(first_id), Date.parse('2026-11-29T11:00:00Z'));
  assert.equal(timeOf(end_id), Date.parse('2026-11-29T14:00:00Z'));
  assert.deepEqual(placedWithin(undefined, undefined), { from: undefined, to: undefined, first_id: undefined, end_id: undefined });
});

test('instants that no id has are bounds all the same', () => {
  assert.equal(placedWithin('0001-01-01T00:00:00Z', undefined).first_id, '00000000-0000-0000-0000-000000000000');
  assert.equal(placedWithin(undefined, '9999-12-31T23:00:00Z').end_id, 'e677d21f-dc00-0000-0000-000000000000');
});
