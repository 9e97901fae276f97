/** Brings what happened here to the shared store and takes over what the store answers; keeps it while the store is away. */
import { checkRegistration, instanceKey, type LeasedInstance, type Registration } from '@souk/discovery';
import { AppError, type Clock, createSingleFlight, type Log } from '@souk/kernel';
import { createFailureReporter } from '../failure-reporter.ts';
import type { Redis } from '../redis.ts';
import { type ExchangeReply, exchangeScript, type OperationKind } from './exchange-script.ts';
import { type RegistryCopy, registrationText } from './registry-copy.ts';

export interface ExchangeOptions {
  clock: Clock;
  log: Log;
  lease_ms: number;
  absence_ms_max: number;
  instances_max: number;
  timeout_ms: number;
  channel: string;
  origin: string;
  prefix: string;
}

interface Operation {
  kind: OperationKind;
  key: string;
  text: string;
}

export interface Exchanged {
  dropped: readonly string[];
  refused: readonly string[];
}

type Named = Pick<Registration, 'name' | 'instance_id'>;

export interface Exchange {
  /** Undefined when the store is away or did not answer in time. */
  send(kind: 'take', registration: Registration): Promise<Exchanged | undefined>;
  send(kind: 'drop', named: Named): Promise<Exchanged | undefined>;
  /** Reads the store soon; what comes meanwhile is read by one more exchange. */
  refresh(): void;
  takeLater(registration: Registration): void;
  dropLater(named: Named): void;
  /** From now on the copy is only the last known one, until the next exchange succeeds. */
  freeze(): void;
  frozen(): boolean;
  close(): void;
}

/** Clocks that differ by less count as equal, so that all gateways report the same times. */
const skewMsMax = 250;

export function createExchange(redis: Redis, copy: RegistryCopy, options: ExchangeOptions): Exchange {
  const { clock, log, prefix } = options;
  const keys = [`${prefix}:registry:instances`, `${prefix}:registry:state`];
  const later = new Map<string, Operation>();
  const reporter = createFailureReporter(log, 'the shared registry did not answer; the last view stays');
  let current = false;
  let closed = false;

  const run = async (asked: readonly Operation[]): Promise<Exchanged | undefined> => {
    if (closed || redis.state() !== 'ready') return undefined;
    const kept = [...later.values()];
    const recalled = current ? [] : copy.all().map((instance) => operation('recall', instance));
    const operations = [...kept, ...recalled, ...asked].flatMap(({ kind, key, text }) => [kind, key, text]);
    const { lease_ms, absence_ms_max, instances_max, channel, origin } = options;
    const settings = [String(lease_ms), String(absence_ms_max), String(instances_max), channel, origin];
    try {
      const reply = await redis.run<ExchangeReply>(exchangeScript, keys, [...settings, ...operations], { timeout_ms: options.timeout_ms });
      for (const done of kept) if (later.get(done.key) === done) later.delete(done.key);
      reporter.worked();
      return takeOver(reply);
    } catch (error) {
      reporter.failed(error);
      current = false;
      return undefined;
    }
  };

  const takeOver = ([now, dropped, refused, rows]: ExchangeReply): Exchanged => {
    if (closed) return { dropped, refused };
    const skew_ms = clock.now() - now;
    const ahead_ms = Math.abs(skew_ms) <= skewMsMax ? 0 : skew_ms;
    const stored: LeasedInstance[] = [];
    for (let index = 0; index < rows.length; index += 2) {
      const instance = parseRow(rows[index + 1] ?? '', ahead_ms);
      if (instance === undefined) log.warn({ key: rows[index] }, 'an entry of the shared registry cannot be read and is left out');
      else if (later.get(rows[index] ?? '')?.kind !== 'drop') stored.push(instance);
    }
    const names = new Set(stored.map(instanceKey));
    // What was registered here since is not in the store yet.
    const unpublished = copy.all().filter((known) => !names.has(instanceKey(known)) && later.get(instanceKey(known))?.kind === 'take');
    current = true;
    copy.replace([...stored, ...unpublished]);
    if (refused.length > 0) log.warn({ refused }, 'the shared registry is full');
    return { dropped, refused };
  };

  const refreshing = createSingleFlight(async () => {
    if (!closed) await run([]);
  });
  const refresh = (): void => {
    if (!closed) void refreshing.again();
  };

  return {
    send: (kind: OperationKind, named: Registration | Named) => run([operation(kind, named)]),
    refresh,
    takeLater: (registration) => void later.set(instanceKey(registration), operation('take', registration)),
    dropLater: (named) => void later.set(instanceKey(named), operation('drop', named)),
    freeze() {
      current = false;
    },
    frozen: () => !current || redis.state() !== 'ready',
    close() {
      closed = true;
    },
  };
}

function operation(kind: OperationKind, named: Registration | Named): Operation {
  return { kind, key: instanceKey(named), text: 'host' in named ? registrationText(named) : '' };
}

function parseRow(row: string, ahead_ms: number): LeasedInstance | undefined {
  const [, since, until, text = ''] = /^(\d+):(\d+):(.*)$/s.exec(row) ?? [];
  try {
    const registration = checkRegistration(JSON.parse(text) as Registration);
    return { ...registration, registered_at: Number(since) + ahead_ms, lease_until: Number(until) + ahead_ms };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError || error instanceof AppError) return undefined;
    throw error;
  }
}
