/**
 * The saga runtime: takes inputs for many sagas at once, loads and locks their states in one statement, lets the pure
 * decision speak for each input in turn, and saves states, history and events in the same transaction. What a saga
 * means is in its own file; nothing here knows orders. (Sagas: Garcia-Molina and Salem, 1987; the orchestrated form.)
 */
import { type Decision, refusal } from '@souk/contracts';
import type { Tx } from '@souk/postgres';
import type { Cause, EventDraft } from '../event.ts';

export interface SagaInput<Input> {
  saga_id: string;
  /** Id of the event or command, for history and failures. */
  input_id: string;
  input: Input;
  cause: Cause;
}

/** What one input did to its saga. */
export interface Step<State, Input> {
  input: SagaInput<Input>;
  before: State;
  after: State;
  decision: Decision<State>;
}

export interface SagaDefinition<State, Input> {
  /** Loads and locks the states, in order of id. */
  load(tx: Tx, saga_ids: readonly string[]): Promise<Map<string, State>>;
  decide(state: State, input: Input): Decision<State>;
  /** Writes every step that moved or noted something, and appends its events to the outbox. */
  save(tx: Tx, steps: readonly Step<State, Input>[]): Promise<void>;
}

export interface SagaRun<State, Input> {
  steps: Step<State, Input>[];
  /** Inputs without effect: for an unknown saga, or impossible in its state. */
  failures: { input: SagaInput<Input>; error: Error }[];
}

/** Runs the inputs in the given order inside the transaction. */
export async function runSaga<State, Input>(
  definition: SagaDefinition<State, Input>,
  tx: Tx,
  inputs: readonly SagaInput<Input>[],
): Promise<SagaRun<State, Input>> {
  const saga_ids = [...new Set(inputs.map((input) => input.saga_id))].sort();
  const states = await definition.load(tx, saga_ids);
  const run: SagaRun<State, Input> = { steps: [], failures: [] };
  for (const input of inputs) {
    const before = states.get(input.saga_id);
    if (before === undefined) {
      run.failures.push({ input, error: refusal('order_unseen', `There is no saga ${input.saga_id} yet.`) });
      continue;
    }
    const decision = definition.decide(before, input.input);
    if (decision.kind === 'impossible') {
      run.failures.push({ input, error: refusal('saga_impossible', decision.why) });
      continue;
    }
    const after = decision.kind === 'move' ? decision.state : before;
    states.set(input.saga_id, after);
    run.steps.push({ input, before, after, decision });
  }
  const written = run.steps.filter((step) => step.decision.kind === 'move' || step.decision.kind === 'note');
  if (written.length > 0) await definition.save(tx, written);
  return run;
}

/** The events of the steps as drafts, each with the cause of its input. */
export function draftsOf<State, Input>(steps: readonly Step<State, Input>[]): EventDraft[] {
  return steps.flatMap((step) =>
    step.decision.kind === 'move' ? step.decision.events.map((event) => ({ ...event, cause: step.input.cause })) : [],
  );
}
