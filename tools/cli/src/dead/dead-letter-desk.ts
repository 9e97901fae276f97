/** Dead letters of all services in one place. Each service numbers its own, so here a dead letter is called `inventory-12`. */
import { type DeadLetter, dataServices, type Problem, queues, refusal } from '@souk/contracts';
import { AppError, mapBounded } from '@souk/kernel';
import { platformKeys } from '@souk/kernel/platform-keys';

export type ListedLetter = DeadLetter;

export interface LetterChoice {
  queue?: string;
  reason?: string;
}

export interface LetterList {
  letters: ListedLetter[];
  /** There are more than the limit allowed. */
  more: boolean;
  /** Services that did not answer. */
  unreachable: string[];
}

export interface LetterCount {
  count: number;
  unreachable: string[];
}

export interface DeadLetterDesk {
  /** Newest first, at most `limit`. */
  list(choice: LetterChoice, limit: number): Promise<LetterList>;
  /** Refuses with `dead_letter_unknown`. */
  get(id: string): Promise<ListedLetter>;
  replay(choice: LetterChoice): Promise<LetterCount>;
  /** All ids are looked for first; one that is unknown refuses, and nothing is done. */
  replayIds(ids: readonly string[]): Promise<LetterCount>;
  discard(choice: LetterChoice): Promise<LetterCount>;
  discardIds(ids: readonly string[]): Promise<LetterCount>;
}

interface Answer {
  status: number;
  body: unknown;
  next: string | undefined;
}

const path = '/internal/dead-letters';
const servicesAtOnce = 3;
const requestTimeoutMs = 30_000;
const pageMost = 100;
const letterServices: readonly string[] = dataServices;

interface Addresses {
  urls: Readonly<Record<string, string>>;
  internal_token: string;
}

/** Asks the services at these addresses, by their internal routes. */
export function openDeadLetterDesk(platform: Addresses): DeadLetterDesk {
  const ask = clientOf(platform);
  const get = async (id: string): Promise<ListedLetter> => {
    const { service, number } = parseId(id);
    const { body } = await answered(service, () => ask(service, 'GET', `${path}/${number}`));
    return named(service, body as DeadLetter);
  };
  const count = async (choice: LetterChoice, work: (service: string) => Promise<number>): Promise<LetterCount> => {
    const { results, unreachable } = await fromEach(servicesFor(choice), work);
    return { count: results.reduce((sum, [, part]) => sum + part, 0), unreachable };
  };
  const byIds = async (ids: readonly string[], work: (service: string, numbers: string[]) => Promise<number>): Promise<LetterCount> => {
    const wanted = [...new Set(ids)];
    await mapBounded(wanted, servicesAtOnce, get);
    const numbers = Map.groupBy(wanted.map(parseId), ({ service }) => service);
    let done = 0;
    for (const [service, group] of numbers)
      done += await work(
        service,
        group.map(({ number }) => number),
      );
    return { count: done, unreachable: [] };
  };

  return {
    get,
    async list(choice, limit) {
      const { results, unreachable } = await fromEach(servicesFor(choice), (service) =>
        allPages(choice, limit + 1, (address) => ask(service, 'GET', address)),
      );
      const letters = results.flatMap(([service, rows]) => rows.map((row) => named(service, row)));
      letters.sort((left, right) => right.died_at.localeCompare(left.died_at) || right.id.localeCompare(left.id));
      return { letters: letters.slice(0, limit), more: letters.length > limit, unreachable };
    },
    replay: (choice) =>
      count(choice, async (service) => ((await ask(service, 'POST', `${path}/replay`, choice)).body as { replayed: number }).replayed),
    replayIds: (ids) =>
      byIds(
        ids,
        async (service, numbers) =>
          ((await ask(service, 'POST', `${path}/replay`, { ids: numbers })).body as { replayed: number }).replayed,
      ),
    discard: (choice) =>
      count(
        choice,
        async (service) => ((await ask(service, 'DELETE', `${path}?${queryOf(choice)}`)).body as { discarded: number }).discarded,
      ),
    discardIds: (ids) =>
      byIds(ids, async (service, numbers) => {
        for (const number of numbers) await ask(service, 'DELETE', `${path}/${number}`);
        return numbers.length;
      }),
  };
}

async function allPages(choice: LetterChoice, most: number, ask: (address: string) => Promise<Answer>): Promise<DeadLetter[]> {
  const rows: DeadLetter[] = [];
  let address: string | undefined = `${path}?${queryOf({ ...choice, limit: String(Math.min(most, pageMost)) })}`;
  while (address !== undefined && rows.length < most) {
    const answer = await ask(address);
    rows.push(...(answer.body as DeadLetter[]));
    address = answer.next;
  }
  return rows.slice(0, most);
}

function queryOf(members: object): URLSearchParams {
  return new URLSearchParams(members as Record<string, string>);
}

/** The address in `Link: <…>; rel="next"`. */
function nextPage(link: string | null): string | undefined {
  return /<([^>]+)>\s*;\s*rel="?next"?/.exec(link ?? '')?.[1];
}

/** A queue belongs to the service before its first dot; no queue means all services. */
function servicesFor({ queue }: LetterChoice): readonly string[] {
  if (queue === undefined) return letterServices;
  if (!Object.hasOwn(queues, queue))
    throw refusal('validation_failed', `There is no queue ${JSON.stringify(queue)}. There are: ${Object.keys(queues).join(', ')}.`);
  return [queue.split('.')[0] ?? ''];
}

function named(service: string, letter: DeadLetter): ListedLetter {
  return { ...letter, id: `${service}-${letter.id}` };
}

function parseId(id: string): { service: string; number: string } {
  const [, service = '', number = ''] = /^([a-z]+)-(\d{1,18})$/.exec(id) ?? [];
  if (!letterServices.includes(service))
    throw refusal(
      'validation_failed',
      `${JSON.stringify(id)} is not the id of a dead letter; they look like orders-12 (see souk dead list).`,
    );
  return { service, number };
}

/** Asks several services; those that are away are named, the others' answers count. */
async function fromEach<T>(
  services: readonly string[],
  work: (service: string) => Promise<T>,
): Promise<{ results: [string, T][]; unreachable: string[] }> {
  const unreachable: string[] = [];
  const results = await mapBounded(services, servicesAtOnce, async (service): Promise<[string, T][]> => {
    try {
      return [[service, await work(service)]];
    } catch (error) {
      if (error instanceof AppError) throw error;
      unreachable.push(service);
      return [];
    }
  });
  return { results: results.flat(), unreachable };
}

async function answered<T>(service: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw refusal('service_unavailable', `${service} does not answer.`, { service }, error);
  }
}

type Ask = (service: string, method: string, address: string, body?: unknown) => Promise<Answer>;

function clientOf({ urls, internal_token }: Addresses): Ask {
  const keys = platformKeys(internal_token);
  return async (service, method, address, body) => {
    const response = await fetch(new URL(address, urls[service]), {
      method,
      signal: AbortSignal.timeout(requestTimeoutMs),
      headers: {
        authorization: `Bearer ${keys.internalToken(service)}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const answer = {
      status: response.status,
      body: text === '' ? undefined : JSON.parse(text),
      next: nextPage(response.headers.get('link')),
    };
    if (response.status === 404) throw refusal('dead_letter_unknown', (answer.body as Problem).detail);
    if (!response.ok) throw refusal('upstream_failed', `${service} answered ${response.status}: ${(answer.body as Problem)?.detail ?? ''}`);
    return answer;
  };
}
