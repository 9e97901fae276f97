/** Reads at the services what is new for all who watch. */
import { type Availability, type HistoryPart, readHistories, readStockLevels, refusal } from '@souk/contracts';
import type { ReadParts } from '../domain/live.ts';
import type { ServiceClient } from './service-client.ts';

/** `token` is what the service takes from other services. */
export interface LiveReaderOptions {
  service_client: ServiceClient;
  token: string;
}

const timeoutMs = 5_000;

/** What is new in the histories of orders. Rejects with `service_unavailable`, also when the service refuses. */
export function createHistoryReader(options: LiveReaderOptions): ReadParts<HistoryPart> {
  return async (questions) => {
    const orders = questions.map(({ key, after }) => ({ order_id: key, after }));
    const parts = (await askFor(options, readHistories, { orders })) as readonly HistoryPart[];
    const known = new Map(parts.map((part) => [part.order_id, part]));
    return questions.map(({ key }) => known.get(key));
  };
}

/** What is available of products. Rejects with `service_unavailable`, also when the service refuses. */
export function createStockReader(options: LiveReaderOptions): ReadParts<Availability> {
  return async (questions) => {
    const product_ids = [...new Set(questions.map(({ key }) => key))];
    const levels = (await askFor(options, readStockLevels, { product_ids })) as readonly Availability[];
    const known = new Map(levels.map((level) => [level.product_id, level]));
    return questions.map(({ key }) => known.get(key));
  };
}

async function askFor(
  { service_client, token }: LiveReaderOptions,
  { service, path }: { service: string; path: string },
  body: unknown,
): Promise<unknown> {
  const headers = { authorization: `Bearer ${token}` };
  const answer = await service_client.ask(service, { path, headers, body, timeout_ms: timeoutMs });
  if (answer.status === 200) return answer.body;
  throw refusal('service_unavailable', `${service} does not answer at the moment.`, { status: answer.status });
}
