import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Problem } from '@souk/contracts';
import { createCommand } from '../src/live/command.ts';
import { RefusedError, UnansweredError } from '../src/live/transport.ts';

const problem = (status: number, code: string): Problem => ({
  type: '',
  title: '',
  status,
  detail: code,
  instance: '',
  code,
  correlation_id: '',
});

/** Keys are 1, 2, 3; waiting takes no time and is written down. */
function world() {
  const waits: number[] = [];
  let keys = 0;
  return {
    waits,
    newKey: () => String(++keys),
    wait: async (delay_ms: number) => {
      waits.push(delay_ms);
    },
  };
}

describe('a command', () => {
  it('whose answer was lost is sent again under its key until there is one', async () => {
    const { waits, ...rest } = world();
    const sent: string[] = [];
    const states: string[] = [];
    const command = createCommand<string, string>({
      ...rest,
      send: async (input, key) => {
        sent.push(`${input} ${key}`);
        if (sent.length < 4) throw new UnansweredError('lost');
        return 'done';
      },
    });
    const stop = command.progress.subscribe(({ state }) => states.push(state));
    assert.equal(await command.run('refund'), true);
    stop();
    assert.deepEqual(sent, ['refund 1', 'refund 1', 'refund 1', 'refund 1']);
    assert.deepEqual(states, ['idle', 'sending', 'asking', 'asking', 'asking', 'done']);
    assert.deepEqual(waits, [1_000, 2_000, 4_000]);
  });

  it('that may not be repeated asks what became of it first', async () => {
    let sent = 0;
    const command = createCommand<undefined, string>({
      ...world(),
      send: async () => {
        sent += 1;
        throw new UnansweredError('lost');
      },
      wasDone: async () => true,
    });
    assert.equal(await command.run(undefined), true);
    assert.equal(sent, 1);
    assert.deepEqual(command.progress.value, { state: 'done', result: undefined });
  });

  it('is asked about again while even that cannot be said, and sent again when it did not arrive', async () => {
    const { waits, ...rest } = world();
    const steps: string[] = [];
    const command = createCommand<undefined, string>({
      ...rest,
      send: async () => {
        steps.push('send');
        if (steps.length === 1) throw new UnansweredError('lost');
        return 'done';
      },
      wasDone: async () => {
        steps.push('ask');
        if (steps.length === 2) throw new UnansweredError('still away');
        return false;
      },
    });
    assert.equal(await command.run(undefined), true);
    assert.deepEqual(steps, ['send', 'ask', 'ask', 'send']);
    assert.equal(waits.length, 2);
  });

  it('that was refused says why and is over; the next one has another key', async () => {
    const keys: string[] = [];
    const command = createCommand<undefined, string>({
      ...world(),
      send: async (_input, key) => {
        keys.push(key);
        throw new RefusedError(problem(409, 'stock_mismatch'), undefined);
      },
    });
    assert.equal(await command.run(undefined), false);
    assert.equal(await command.run(undefined), false);
    assert.deepEqual(keys, ['1', '2']);
    assert.equal(command.progress.value.state, 'refused');
    command.reset();
    assert.equal(command.progress.value.state, 'idle');
  });

  it('waits while the shop says that it is busy, and none is sent beside it', async () => {
    let sent = 0;
    const command = createCommand<undefined, string>({
      ...world(),
      send: async () => {
        sent += 1;
        if (sent === 1) throw new RefusedError(problem(503, 'service_unavailable'), 1_000);
        return 'done';
      },
    });
    const [first, second] = await Promise.all([command.run(undefined), command.run(undefined)]);
    assert.deepEqual([first, second, sent], [true, false, 2]);
  });
});
