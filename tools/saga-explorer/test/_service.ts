/** A service on a database of its own, without consumers, jobs and relay: a test hands it messages and reads what it wrote. */
import { silentLog, timestamp } from '@souk/kernel';
import { type Broker, type Failure, messagingMigrations } from '@souk/messaging';
import type { Database, Tx } from '@souk/postgres';
import { freshDatabase } from '@souk/postgres/testing';
import { kitMigrations, type Overrides, type PlatformConfig, type Service, type ServiceContext } from '@souk/service-kit';
import { createTestKeys, testConfig } from '@souk/service-kit/testing';
import type { EventName } from '../src/model/messages.ts';

/** What is published stays in the outbox. */
const noBroker = undefined as unknown as Broker;

export interface Opened<Context> {
  context: Context;
  db: Database;
  close(): Promise<void>;
}

export type Schema = Parameters<typeof testConfig>[1];

interface Build<Config extends PlatformConfig, Context extends ServiceContext> {
  name: 'orders' | 'inventory' | 'payments' | 'notifications';
  schema: Schema;
  build(config: Config, overrides: Overrides): Service<Context>;
}

export async function openService<Config extends PlatformConfig, Context extends ServiceContext>({
  name,
  schema,
  build,
}: Build<Config, Context>): Promise<Opened<Context>> {
  const migrations = new URL(`../../../services/${name}/migrations/`, import.meta.url);
  const database = await freshDatabase({ folders: [kitMigrations, messagingMigrations, migrations] });
  const config = testConfig<Config>(name, schema, { database_url: database.url } as Partial<Config> & { database_url: string });
  const { key_set } = await createTestKeys();
  const service = build(config, { log: silentLog, fetchKeys: async () => key_set, broker: noBroker });
  const { context } = service;
  return {
    context,
    db: context.db,
    async close() {
      await service.stop();
      await database.drop();
    },
  };
}

/** Has a consumer handle one event, in a transaction of its own; answers the code of its failure. */
export async function handled<Context extends ServiceContext>(
  context: Context,
  consumer: object,
  event: object,
): Promise<string | undefined> {
  const { handle } = consumer as { handle(ctx: Context, tx: Tx, events: readonly object[]): Promise<readonly Failure[] | undefined> };
  const failures = await context.db.transaction(async (tx) => (await handle(context, tx, [event])) ?? []);
  const [failure] = failures;
  return failure && (failure.error as Error & { code: string }).code;
}

interface Published {
  status?: string;
  refund_id?: string;
}

/** Takes the events out of the outbox, as the model calls them; others than those of a checkout are left out. */
export async function takePublished(
  db: Database,
  named: (event_type: string, body: Published) => EventName | undefined,
): Promise<EventName[]> {
  const rows = await db.query<{ event_type: string; body: string }>('delete from outbox returning event_type, body');
  return rows.flatMap(({ event_type, body }) => named(event_type, JSON.parse(body) as Published) ?? []).sort();
}

export const anHourAgo = (): string => timestamp(Date.now() - 3_600_000);
