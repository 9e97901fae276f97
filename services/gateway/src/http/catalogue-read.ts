/**
 * Reads of the catalogue from memory. An answer is served for one second after it was asked for; then one request asks the service and
 * the others wait for it. So no client sees a catalogue that is more than a second old, whether events arrive or not. While the service is
 * away what is kept is served on for some minutes and says so. Staff always see what the service has.
 */
import { refusal, type ServiceName } from '@souk/contracts';
import { AppError, type CircuitBreaker, doneWithin } from '@souk/kernel';
import type { GatewayContext } from '../context.ts';
import { fieldOf } from '../domain/answer-fields.ts';
import { catalogueKey } from '../domain/catalogue-key.ts';
import type { PlainAnswer } from '../domain/upstream.ts';
import type { RouteEntry } from '../route-table.ts';
import { type KeptAnswer, keyOfProduct } from '../workers/answer-memory.ts';
import { keptOf, sendKept } from './catalogue-answer.ts';
import type { Exchange } from './exchange.ts';

export interface CatalogueReads {
  /** Whether it answers this request; otherwise it goes to the service. */
  answer(entry: RouteEntry, exchange: Exchange, pass: () => void): boolean;
}

const freshMs = 1_000;
const staleMs = 300_000;
/** How long a client waits for the service while there is an older answer. */
const waitMs = 1_000;
const sourceAway = new Error('the service does not answer');

export function createCatalogueReads(context: GatewayContext): CatalogueReads {
  const { catalogue, metrics } = context;
  return {
    answer(entry, exchange, pass) {
      const { request, path, caller } = exchange;
      if (catalogue === undefined || entry.cached === undefined || (caller !== undefined && caller.role !== 'customer')) return false;
      const { url = '', headers } = request;
      if (headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined) return false;
      // Beside If-None-Match browsers add it by themselves: there it says nothing about the client.
      if (headers['if-none-match'] === undefined && headers['cache-control']?.includes('no-')) return false;
      const key = catalogueKey(path, url.slice(path.length + 1), entry.cached);
      if (key === undefined) return false;
      const found = catalogue.find(key);
      const age = found === undefined ? Number.POSITIVE_INFINITY : performance.now() - found.answer.asked_at;
      if (found !== undefined && age < freshMs && !found.outdated) {
        metrics.count('souk_gateway_catalogue_reads_total', { outcome: 'memory' });
        sendKept(exchange, found.answer);
        return true;
      }
      void readThrough(context, { entry, exchange, key, pass, older: age < staleMs ? found?.answer : undefined });
      return true;
    },
  };
}

interface Read {
  entry: RouteEntry;
  exchange: Exchange;
  key: string;
  pass(): void;
  /** What was kept before. */
  older: KeptAnswer | undefined;
}

/** Asks the service, or waits for who asks it already; an older answer steps in when that takes too long or fails. */
async function readThrough(context: GatewayContext, { entry, exchange, key, pass, older }: Read): Promise<void> {
  const { catalogue, metrics } = context;
  let own: PlainAnswer | undefined;
  const ask = async (): Promise<KeptAnswer | null> => {
    const asked_at = performance.now();
    own = await askService(context, entry.service, exchange);
    return keptOf(own, asked_at);
  };
  try {
    const load = catalogue?.load(key, !entry.path.endsWith('}'), ask) ?? Promise.resolve(null);
    load.catch(() => undefined);
    if (older !== undefined && !(await doneWithin(load, waitMs))) throw sourceAway;
    const answer = await load;
    if (exchange.gone || exchange.response.headersSent) return;
    if (answer !== null) {
      metrics.count('souk_gateway_catalogue_reads_total', { outcome: own === undefined ? 'memory' : 'loaded' });
      sendKept(exchange, answer);
    } else if (own === undefined) pass();
    else if (own.status >= 502 && older !== undefined) throw sourceAway;
    else exchange.sendWhole(own.status, own.fields, own.body);
  } catch (error) {
    if (exchange.gone || exchange.response.headersSent) return;
    if (older === undefined) {
      exchange.refuse(error);
      return;
    }
    metrics.count('souk_gateway_catalogue_reads_total', { outcome: 'stale' });
    sendKept(exchange, older, { away: true });
  }
}

async function askService(context: GatewayContext, service: ServiceName, exchange: Exchange): Promise<PlainAnswer> {
  const { clock, config, keys, service_client } = context;
  const breaker = context.breakers.get(service) as CircuitBreaker;
  const admission = breaker.admit(clock.now());
  if (admission === undefined) {
    const retry_after_s = breaker.retryAfterSeconds(clock.now());
    throw refusal('service_unavailable', `${service} has failed too often; it is left alone for a moment.`, { retry_after_s });
  }
  const headers = {
    'x-correlation-id': exchange.correlation_id,
    traceparent: exchange.span.traceparent,
    'x-souk-gateway': keys.gatewayToken(service),
    accept: 'application/json',
  };
  try {
    const { url = '' } = exchange.request;
    const answer = await service_client.fetch(service, { path: url, headers, timeout_ms: config.route_timeout_ms });
    const failed = answer.status >= 502 && answer.status <= 504 && fieldOf(answer.fields, 'retry-after') === undefined;
    breaker[failed ? 'failed' : 'succeeded'](admission, clock.now());
    return answer;
  } catch (error) {
    // A gateway that has no place left says nothing about the service.
    if (isOverload(error)) breaker.abandoned(admission);
    else breaker.failed(admission, clock.now());
    throw error;
  }
}

function isOverload(error: unknown): boolean {
  return error instanceof AppError && error.cause instanceof AppError && error.cause.code === 'overloaded';
}

/** What a successful write through this gateway changes: what it is about, and every list. */
export function outdateWritten({ catalogue }: GatewayContext, entry: RouteEntry, path: string): void {
  if (catalogue === undefined || !writesCatalogue.has(entry.service)) return;
  const id = path.split('/')[3];
  if (id !== undefined) catalogue.outdate(keyOfProduct(id));
  catalogue.outdateLists();
}

const writesCatalogue: ReadonlySet<string> = new Set<ServiceName>(['products', 'inventory']);
