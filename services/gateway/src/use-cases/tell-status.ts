/** The state of the whole platform, from one round of questions for all who ask within two seconds. */
import { figuresRoute, gatewayFiguresRoute, InstanceFigures, type PlatformStatus } from '@souk/contracts';
import { type Instance, originOf } from '@souk/discovery';
import { mapBounded, timestamp } from '@souk/kernel';
import { createSchemaCheck } from '@souk/service-kit';
import type { GatewayContext } from '../context.ts';
import { isConnectFailure } from '../domain/connect-failure.ts';
import { findTroubles } from '../domain/find-troubles.ts';
import { pictureOf, type Reading } from '../domain/platform-picture.ts';
import { type CountedAt, spanBetween } from '../domain/request-rates.ts';
import { inOrder, noMemory, overallStatus, remember } from '../domain/trouble-memory.ts';

export interface StatusTeller {
  /** The whole platform. */
  tell(): Promise<PlatformStatus>;
  /** This process alone. */
  figures(): InstanceFigures;
}

const askedAtOnce = 16;
/** Longer than a service waits for a database that hangs. */
const answerTimeoutMs = 2_500;
const keptMs = 1_900;
const readingsKept = 12;
/** Rates are over this time where readings are that frequent. */
const spanMs = 15_000;
/** An older reading says nothing about now. */
const spanMaxMs = 60_000;
const checkFigures = createSchemaCheck(InstanceFigures);

export interface OwnPlace {
  figures(): InstanceFigures;
  address(): { host: string; port: number };
}

/** Nothing is asked before somebody wants to know; whoever asks often remembers better since when something is wrong. */
export function createStatusTeller(context: GatewayContext, own: OwnPlace): StatusTeller {
  const counted = createCountedMemory();
  let memory = noMemory;
  let told: { status: Promise<PlatformStatus>; until: number } | undefined;

  const look = async (): Promise<PlatformStatus> => {
    const answers = await askAll(context);
    const readings = [ownReading(own), ...answers].map((reading) => ({ ...reading, span: counted.span(reading) }));
    counted.keepOnly(readings);
    const picture = pictureOf(readings);
    const now_ms = context.clock.now();
    const intervals = readings.map(({ figures }) => figures?.gateway?.audit_interval_s ?? 0);
    const looked = { picture, now_ms, looking_since_ms: memory.began_ms ?? now_ms, audit_interval_s: Math.max(0, ...intervals) };
    memory = remember(memory, findTroubles(looked), now_ms);
    const troubles = inOrder(memory.troubles.values());
    return {
      now: timestamp(now_ms),
      told_by: { instance_id: context.instance_id, looking_since: timestamp(memory.began_ms ?? now_ms) },
      status: overallStatus(troubles, picture.services),
      troubles: troubles.map(({ since_ms: _told, began_ms, at_least, ...trouble }) => ({
        ...trouble,
        since: timestamp(began_ms),
        since_at_least: at_least,
      })),
      past: memory.past.map(({ title, since_ms, until_ms }) => ({ title, since: timestamp(since_ms), until: timestamp(until_ms) })),
      ...picture,
    };
  };
  const tell = (): Promise<PlatformStatus> => {
    if (told === undefined || performance.now() >= told.until) {
      const fresh = { status: look(), until: Number.POSITIVE_INFINITY };
      const rest = (): void => {
        fresh.until = performance.now() + keptMs;
      };
      fresh.status.then(rest, rest);
      told = fresh;
    }
    return told.status;
  };
  return { tell, figures: own.figures };
}

type Answered = Omit<Reading, 'span'>;

function ownReading({ figures, address }: OwnPlace): Answered {
  const own = figures();
  return {
    service: 'gateway',
    instance_id: own.instance_id,
    address: originOf(address()),
    out: undefined,
    figures: own,
    failure: undefined,
  };
}

function askAll(context: GatewayContext): Promise<Answered[]> {
  const others = context.instances.table.all().filter(({ instance_id }) => instance_id !== context.instance_id);
  return mapBounded(others, askedAtOnce, (instance) => askOne(context, instance));
}

async function askOne({ asker, config, instances }: GatewayContext, instance: Instance): Promise<Answered> {
  const { name: service, instance_id, healthy, last_error } = instance;
  const address = originOf(instance);
  const about = { service, instance_id, address, out: healthy ? undefined : (last_error ?? 'it has not been checked yet') };
  try {
    const { status, body } = await asker.askInstance(instance, {
      path: service === 'gateway' ? gatewayFiguresRoute.path : figuresRoute.path,
      headers: { authorization: `Bearer ${config.internal_token}` },
      timeout_ms: answerTimeoutMs,
    });
    if (status !== 200) return { ...about, figures: undefined, failure: `it answers ${status} when asked for its figures` };
    if (checkFigures(body, false)) return { ...about, figures: undefined, failure: 'its figures are of another version' };
    return { ...about, figures: body as InstanceFigures, failure: undefined };
  } catch (error) {
    if (isConnectFailure(error)) instances.resolver.eject(instance, `${address} cannot be reached`);
    return {
      ...about,
      figures: undefined,
      failure: isConnectFailure(error) ? `${address} takes no connection` : `${address} does not answer in time`,
    };
  }
}

interface CountedMemory {
  /** From an earlier reading of the same run to this one; remembers this one. */
  span(reading: Answered): Reading['span'];
  keepOnly(readings: readonly Answered[]): void;
}

/** The last readings of each instance. A restart begins new counters, and a new entry. */
function createCountedMemory(): CountedMemory {
  const runs = new Map<string, CountedAt[]>();
  const runOf = ({ instance_id, figures }: Answered): string => `${instance_id} ${figures?.started_at ?? ''}`;
  return {
    span(reading) {
      if (reading.figures === undefined) return undefined;
      const now: CountedAt = { at_ms: performance.now(), totals: reading.figures.requests };
      const known = (runs.get(runOf(reading)) ?? []).filter(({ at_ms }) => now.at_ms - at_ms <= spanMaxMs).slice(-readingsKept);
      const before = known.find(({ at_ms }) => now.at_ms - at_ms <= spanMs) ?? known.at(-1);
      runs.set(runOf(reading), [...known, now]);
      return before && spanBetween(before, now);
    },
    keepOnly(readings) {
      const there = new Set(readings.map(runOf));
      for (const run of [...runs.keys()]) if (!there.has(run)) runs.delete(run);
    },
  };
}
