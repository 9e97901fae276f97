import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from './app-error.ts';
import { AssertionFailed, assert as mustHold, required, unreachable } from './assert.ts';
import { elapsedSeconds, isInstant, manualClock, systemClock, timestamp } from './clock.ts';
import { derivedUuid, isUuid, systemIds } from './ids.ts';

test('a manual clock stands still until it is moved', () => {
  const clock = manualClock(1_000);
  assert.equal(clock.now(), 1_000);
  clock.advance(250);
  assert.equal(clock.now(), 1_250);
  assert.equal(manualClock().now(), Date.UTC(2026, 0, 1));
  assert.ok(Math.abs(systemClock.now() - Date.now()) < 1_000);
});

test('times are written in UTC with milliseconds', () => {
  assert.equal(timestamp(0), '1970-01-01T00:00:00.000Z');
  assert.equal(timestamp(Date.UTC(2026, 10, 22, 9, 30, 0, 7)), '2026-11-22T09:30:00.007Z');
});

test('an instant is one of a day and a second that exist, on exactly the days of the calendar', () => {
  const two = (value: number): string => String(value).padStart(2, '0');
  const lengths = (year: number): number[] => [
    31,
    year % 4 || (year % 100 === 0 && year % 400) ? 28 : 29,
    31,
    30,
    31,
    30,
    31,
    31,
    30,
    31,
    30,
    31,
  ];
  for (const year of [1, 4, 100, 400, 1582, 1896, 1900, 2000, 2023, 2024, 2100, 9996, 9999]) {
    for (let month = 0; month <= 13; month += 1) {
      for (let day = 0; day <= 32; day += 1) {
        const text = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T00:00:00Z`;
        assert.equal(isInstant(text), day >= 1 && day <= (lengths(year)[month - 1] ?? 0), text);
      }
    }
  }
  for (const good of ['2026-12-01T23:59:59.999999Z', '2026-12-01T00:00:00.1Z']) assert.ok(isInstant(good), good);
  for (const bad of ['0000-01-01T00:00:00Z', '2026-12-01T24:00:00Z', '2026-12-01T00:60:00Z', '2026-12-01T23:59:60Z', 'infinity', ''])
    assert.ok(!isInstant(bad), bad);
});

test('a duration is never negative, never absurd and always a number, whatever the clocks say', () => {
  assert.equal(elapsedSeconds(1_000, 3_500), 2.5);
  assert.equal(elapsedSeconds(3_500, 1_000), 0, 'the sender is ahead of us');
  assert.equal(elapsedSeconds(0, Date.UTC(2026, 10, 22)), 86_400, 'a sender whose clock stands at 1970');
  assert.equal(elapsedSeconds(Number.NaN, 5), 0);
});

test('new ids are lower-case UUIDs of version 7, all different, later ones later', () => {
  const ids = Array.from({ length: 1_000 }, () => systemIds.uuid());
  assert.equal(new Set(ids).size, ids.length);
  for (const id of ids) assert.ok(isUuid(id) && id[14] === '7', id);
  const prefixes = ids.map((id) => id.slice(0, 13));
  assert.deepEqual([...prefixes].sort(), prefixes);
  assert.match(systemIds.secret(32), /^[A-Za-z0-9_-]{43}$/);
});

test('a derived id is always the same for the same name, another for any other', () => {
  assert.equal(derivedUuid('refund', 'a'), derivedUuid('refund', 'a'));
  const made = [
    derivedUuid('refund', 'a'),
    derivedUuid('refund', 'b'),
    derivedUuid('refunda', ''),
    derivedUuid('', 'refunda'),
    derivedUuid('ref', 'unda'),
  ];
  assert.equal(new Set(made).size, made.length);
  for (const id of made) {
    assert.ok(isUuid(id), id);
    assert.equal(id[14], '8');
    assert.match(id[19] as string, /[89ab]/);
  }
  assert.equal(derivedUuid('souk', 'kept for ever'), '2a25b733-c394-8759-b654-88b3b94f5d23');
});

test('only lower-case UUIDs are ids', () => {
  for (const text of [
    '',
    'x',
    '0198C5A4-7BE2-7F19-93C4-0D5E6F708192',
    '0198c5a47be27f1993c40d5e6f708192',
    '0198c5a4-7be2-7f19-93c4-0d5e6f708192\n',
  ]) {
    assert.equal(isUuid(text), false, JSON.stringify(text));
  }
});

test('an error of the program is not an error of the caller', () => {
  assert.throws(() => mustHold(false, 'stock is never negative'), AssertionFailed);
  assert.doesNotThrow(() => mustHold(1, 'fine'));
  assert.equal(required(0, 'the count'), 0);
  assert.equal(required('', 'the text'), '');
  for (const nothing of [null, undefined]) assert.throws(() => required(nothing, 'the order'), /the order is missing/);
  assert.throws(() => unreachable({ kind: 'new' } as never), /unreachable: \{"kind":"new"\}/);
  assert.equal(new AssertionFailed('x') instanceof AppError, false);
});

test('a known error keeps its code, values and cause', () => {
  const cause = new Error('below');
  const error = new AppError('not_found', 'There is none.', { id: 1 }, cause);
  assert.deepEqual(
    [error.code, error.message, error.details, error.cause, error.name],
    ['not_found', 'There is none.', { id: 1 }, cause, 'AppError'],
  );
  assert.equal('cause' in new AppError('not_found', 'There is none.'), false);
});
