import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groups, ungrouped } from '../src/groups.ts';
import { operations } from '../src/operations.ts';

test('every operation has one place among the conveniences, or none on purpose', () => {
  const placed = [...Object.values(groups).flatMap((names) => Object.values(names)), ...ungrouped];
  assert.deepEqual(placed.toSorted(), Object.keys(operations).toSorted(), 'name it in src/groups.ts');
});
