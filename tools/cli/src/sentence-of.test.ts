import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '@souk/kernel';
import { sentenceOf } from './sentence-of.ts';

test('what a person can mend is a sentence, and only a bug shows where it happened', () => {
  assert.equal(sentenceOf(new AppError('port_taken', 'Port 8000 is taken.', {})), 'Port 8000 is taken.');
  assert.equal(sentenceOf(Object.assign(new Error('ENOSPC: no space left'), { syscall: 'write' })), 'ENOSPC: no space left');
  const full = Object.assign(new Error('could not extend file: No space left on device'), { severity: 'ERROR', code: '53100' });
  assert.equal(sentenceOf(full), 'PostgreSQL: could not extend file: No space left on device');
  assert.match(sentenceOf(new Error('a bug')), /a bug\n +at /);
});
