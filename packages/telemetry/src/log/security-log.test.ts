import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { manualClock } from '@souk/kernel';
import { createLog } from './create-log.ts';
import { createSecurityLog } from './security-log.ts';

const minuteMs = 60_000;

function openLog(level: 'silent' | 'error' | 'info' = 'silent') {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) };
  const clock = manualClock();
  const log = createLog({ level, format: 'json', fields: { service: 'users' }, destination });
  return { lines, clock, log, security: createSecurityLog(log, clock) };
}

const wrong = { event: 'sign_in', outcome: 'refused', cause: 'password_wrong' } as const;

describe('the security log', () => {
  for (const level of ['silent', 'error', 'info'] as const) {
    it(`is written at LOG_LEVEL=${level}, which goes on silencing other lines`, () => {
      const { lines, log, security } = openLog(level);
      log.child({}).debug({}, 'an everyday line');
      security.record({ event: 'role_given', outcome: 'succeeded', user_id: 'u', by: 'a', object: 'admin' });
      assert.deepEqual(
        lines.map(({ time, ...line }) => [typeof time, line]),
        [
          [
            'string',
            {
              level: 'info',
              service: 'users',
              log: 'security',
              event: 'role_given',
              outcome: 'succeeded',
              user_id: 'u',
              by: 'a',
              object: 'admin',
              msg: 'security event',
            },
          ],
        ],
      );
    });
  }

  it('writes identical lines a few times a minute and counts the rest', () => {
    const { lines, clock, security } = openLog();
    for (let index = 0; index < 10_000; index += 1) security.record({ ...wrong, user_id: 'u', correlation_id: `c-${index}` });
    assert.equal(lines.length, 3);
    clock.advance(minuteMs);
    security.record({ ...wrong, user_id: 'u' });
    assert.deepEqual([lines.length, lines[3]?.['repeated'], lines[3]?.['user_id']], [5, 9_997, 'u']);
  });

  it('is not filled by lines that differ, and one event hides no other', () => {
    const { lines, clock, security } = openLog();
    for (let index = 0; index < 10_000; index += 1) security.record({ ...wrong, client_address: `2001:db8::${index.toString(16)}` });
    const flood = lines.length;
    assert.ok(flood <= 200, `${flood} lines`);
    security.record({ event: 'role_given', outcome: 'succeeded', user_id: 'u', object: 'admin' });
    assert.equal(lines.at(-1)?.['event'], 'role_given');
    clock.advance(minuteMs);
    security.record({ event: 'role_given', outcome: 'succeeded', user_id: 'w', object: 'staff' });
    const summary = lines.find(({ outcome }) => outcome === 'suppressed');
    assert.deepEqual([summary?.['event'], summary?.['repeated']], ['sign_in', 10_000 - flood]);
  });

  it('says at the end what was only counted', () => {
    const { lines, security } = openLog();
    for (let index = 0; index < 5; index += 1) security.record(wrong);
    security.close();
    assert.equal(lines.at(-1)?.['repeated'], 2);
  });
});
