import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Decision } from '@souk/contracts';
import type { AppError } from '@souk/kernel';
import { runSaga, type SagaInput, type Step } from './index.ts';

type Light = 'red' | 'green';
type Input = 'go' | 'stop' | 'explode' | 'look';

function decide(state: Light, input: Input): Decision<Light> {
  if (input === 'explode') return { kind: 'impossible', why: 'lights do not explode' };
  if (input === 'look') return { kind: 'note', note: 'somebody looked' };
  const state_after: Light = input === 'go' ? 'green' : 'red';
  return state === state_after ? { kind: 'ignore', why: 'it is so already' } : { kind: 'move', state: state_after, events: [] };
}

async function run(states: Record<string, Light>, inputs: [string, Input][]) {
  const saved: Step<Light, Input>[] = [];
  const loaded: string[][] = [];
  const outcome = await runSaga<Light, Input>(
    {
      load: async (_tx, ids) => {
        loaded.push([...ids]);
        return new Map(ids.flatMap((id) => (states[id] ? [[id, states[id]]] : [])));
      },
      decide,
      save: async (_tx, steps) => void saved.push(...steps),
    },
    undefined as never,
    inputs.map(
      ([saga_id, input], index): SagaInput<Input> => ({ saga_id, input, input_id: String(index), cause: { correlation_id: 'c' } }),
    ),
  );
  return { ...outcome, saved, loaded };
}

test('states are loaded once, in order of id, and each input sees what the one before it did', async () => {
  const { saved, loaded } = await run({ b: 'red', a: 'green' }, [
    ['b', 'go'],
    ['a', 'stop'],
    ['b', 'stop'],
    ['b', 'go'],
  ]);
  assert.deepEqual(loaded, [['a', 'b']]);
  assert.deepEqual(
    saved.map((step) => [step.input.saga_id, step.before, step.after]),
    [
      ['b', 'red', 'green'],
      ['a', 'green', 'red'],
      ['b', 'green', 'red'],
      ['b', 'red', 'green'],
    ],
  );
});

test('what is ignored is not saved, what is noted is', async () => {
  const { saved, steps } = await run({ a: 'red' }, [
    ['a', 'stop'],
    ['a', 'look'],
  ]);
  assert.deepEqual(
    steps.map((step) => step.decision.kind),
    ['ignore', 'note'],
  );
  assert.deepEqual(
    saved.map((step) => step.decision.kind),
    ['note'],
  );
});

test('an unknown saga is a passing failure, the impossible a permanent one, and neighbours go on', async () => {
  const { failures, saved } = await run({ a: 'red' }, [
    ['x', 'go'],
    ['a', 'explode'],
    ['a', 'go'],
  ]);
  assert.deepEqual(
    failures.map((failure) => (failure.error as AppError).code),
    ['order_unseen', 'saga_impossible'],
  );
  assert.equal(saved.length, 1);
});
