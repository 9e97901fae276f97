/** The changes of one order, as they happen. */
import type { Caller } from './caller.ts';
import { followEvents, type StreamSettings } from './event-stream.ts';
import type { OrderTransition } from './operation-types.ts';
import { ProblemError, SignedOutError, TransportError } from './problem-error.ts';
import { isPassingStatus } from './repetition.ts';
import { pause, type Timing } from './timing.ts';

export interface WatchSettings extends Omit<StreamSettings, 'after'> {
  /** `sequence` of the last change that was seen already; later ones follow. Without it the history comes first. */
  after?: number;
}

const eventsPath = '/api/orders/{order_id}/events';
const finalStatuses: ReadonlySet<string> = new Set(['completed', 'cancelled']);
const poll_least_ms = 1_000;
const poll_most_ms = 5_000;

/** Each change of the status once and in order, until it is final; see `orders.watch` of the client. */
export async function* watchOrder(
  caller: Caller,
  timing: Timing,
  order_id: string,
  settings: WatchSettings = {},
): AsyncGenerator<OrderTransition, void, undefined> {
  let seen = settings.after ?? 0;
  const open = (last_event_id: string, signal: AbortSignal) =>
    caller.stream(eventsPath, {
      params: { order_id },
      signal,
      ...(last_event_id !== '' && { headers: { 'last-event-id': last_event_id } }),
    });
  const { after, ...others } = settings;
  try {
    for await (const { id, event, data } of followEvents(open, timing, {
      ...others,
      ...(after !== undefined && { after: String(after) }),
    })) {
      const change = transitionOf(id, event, data);
      if (change === undefined) continue;
      seen = change.sequence;
      yield change;
    }
  } catch (error) {
    if (!isWithoutStream(error)) throw error;
    yield* pollOrder(caller, timing, order_id, seen, settings.signal);
  }
}

/** The id is the sequence number, the name the new status; undefined for an event of another kind. */
function transitionOf(id: string | undefined, event: string, data: string): OrderTransition | undefined {
  if (id === undefined || !/^\d{1,15}$/.test(id)) return undefined;
  try {
    const members = JSON.parse(data) as Partial<OrderTransition>;
    return { ...members, sequence: Number(id), to: event as OrderTransition['to'] } as OrderTransition;
  } catch (error) {
    throw new TransportError(`GET ${eventsPath}`, 'unreadable', error);
  }
}

/** A shop that has no such route, or something on the way that lets no stream through. An unknown order is found out by asking. */
function isWithoutStream(error: unknown): boolean {
  return error instanceof ProblemError && (error.status === 404 || error.status === 405 || error.status === 406);
}

async function* pollOrder(
  caller: Caller,
  timing: Timing,
  order_id: string,
  after: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<OrderTransition, void, undefined> {
  let seen = after;
  let delay_ms = poll_least_ms;
  for (;;) {
    const history = await historyOf(caller, order_id, signal);
    const changes = history.filter(({ sequence }) => sequence > seen).sort((left, right) => left.sequence - right.sequence);
    for (const change of changes) {
      seen = change.sequence;
      yield change;
    }
    if (history.some(({ to }) => finalStatuses.has(to))) return;
    delay_ms = changes.length > 0 ? poll_least_ms : Math.min(poll_most_ms, delay_ms * 1.5);
    await pause(timing, delay_ms / 2 + (timing.random() * delay_ms) / 2, signal);
  }
}

/** Empty while the shop is away for a moment: it is asked again anyway. */
async function historyOf(caller: Caller, order_id: string, signal: AbortSignal | undefined): Promise<OrderTransition[]> {
  try {
    const answer = await caller.call('getOrderHistory', { params: { order_id }, ...(signal && { signal }) });
    if (answer.ok) return answer.body as OrderTransition[];
    if (!isPassingStatus(answer.status)) throw answer.error;
  } catch (error) {
    if (error instanceof SignedOutError || !(error instanceof TransportError)) throw error;
  }
  return [];
}
