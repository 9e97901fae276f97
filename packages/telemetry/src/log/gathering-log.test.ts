import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Log } from '@souk/kernel';
import { createGatheringLog } from './gathering-log.ts';

const many = 64;

/** What arrives, in order: the lines with the time they bear, and after each group whether it was urgent. */
function aRecorder(level: 'debug' | 'info' = 'info') {
  const arrived: (string | boolean)[] = [];
  const group = Promise.withResolvers<void>();
  let as_of = 0;
  const inner = (name: string): Log => {
    const take =
      (each: string) =>
      (fields: object, message: string): void =>
        void arrived.push(`${name}${each} ${message} ${JSON.stringify(fields)}${as_of > 0 ? ' then' : ''}`);
    const levels = { debug: take('debug'), info: take('info'), warn: take('warn'), error: take('error') };
    return {
      ...levels,
      child: (fields) => inner(`${Object.values(fields)} `),
      isLevelEnabled: (each) => each !== 'debug' || level === 'debug',
    };
  };
  const log = createGatheringLog(inner(''), {
    asOf(ms, write) {
      as_of = ms;
      write();
      as_of = 0;
    },
    add: (ms, rest) => void arrived.push(`${ms > 0 ? 'then' : 'now'} ${rest}`),
    complete(urgent) {
      arrived.push(urgent);
      group.resolve();
    },
  });
  return { log, arrived, complete: group.promise };
}

it('holds everyday lines back, and writes them with the time at which they were said', async () => {
  const { log, arrived, complete } = aRecorder();
  log.info({ n: 1 }, 'one');
  log.child({ who: 'orders' }).info({ n: 2 }, 'two');
  log.debug({}, 'not asked for');
  assert.deepEqual(arrived, []);
  // The timer of the log keeps no process alive; this one does.
  const limit = setTimeout(() => undefined, 10_000);
  await complete;
  clearTimeout(limit);
  assert.deepEqual(arrived, ['info one {"n":1} then', 'orders info two {"n":2} then', false]);
});

it('writes a warning at once, after all that were said before it', () => {
  const { log, arrived } = aRecorder('debug');
  log.info({}, 'one');
  log.debug({}, 'two');
  log.child({ who: 'orders' }).warn({}, 'three');
  assert.deepEqual(arrived, ['info one {} then', 'debug two {} then', 'orders warn three {}', true]);
  log.error({}, 'four');
  assert.deepEqual(arrived.slice(4), ['error four {}', true]);
});

it('never holds back more than a group', () => {
  const { log, arrived } = aRecorder();
  for (let n = 0; n < many - 1; n += 1) log.info({}, 'line');
  assert.equal(arrived.length, 0);
  log.info({}, 'line');
  assert.equal(arrived.length, many + 1);
});
