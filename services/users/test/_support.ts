import { randomUUID } from 'node:crypto';
import { type Client, createTestClient } from '@souk/client/testing';
import { getMessageSecret, login, registerUser, requestPasswordReset, type TokenPair, type User } from '@souk/contracts';
import { required } from '@souk/kernel';
import { until } from '@souk/messaging/testing';
import type { Overrides, Service } from '@souk/service-kit';
import { type TestService, testService } from '@souk/service-kit/testing';
import { UsersConfig } from '../src/config.ts';
import type { UsersContext } from '../src/context.ts';
import { buildUsers } from '../src/service.ts';
import { ensureAccount } from '../src/use-cases/ensure-account.ts';

export const password = 'correct horse battery';

export interface Town extends TestService<Service<UsersContext>> {
  /** Nobody. */
  client: Client;
  context: UsersContext;
  /** Runs a statement in a transaction that commits only when what is done meanwhile waits for its locks; answers what that was answered. */
  overtake<T>(statement: string, values: readonly unknown[], act: () => Promise<T>): Promise<T>;
}

/** A running users service; passwords are hashed cheaply. */
export async function openTown(config: Partial<UsersConfig> = {}, overrides: Partial<Overrides> = {}): Promise<Town> {
  const cheap = { password_memory_kib: 64, password_passes: 1, souk_bench: true };
  const town = await testService(buildUsers, { name: 'users', schema: UsersConfig, config: { ...cheap, ...config }, overrides });
  const { context } = town.service;
  return { ...town, client: createTestClient({ base_url: town.url }), context, overtake: createOvertaking(context) };
}

function createOvertaking({ db }: UsersContext): Town['overtake'] {
  const waiting = () =>
    until(async () => {
      const rows = await db.query("select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'");
      return rows.length > 0 ? undefined : 'no statement waits for a lock';
    });
  return async (statement, values, act) => {
    let acting: ReturnType<typeof act> | undefined;
    await db.transaction(async (tx) => {
      await tx.query(statement, [...values]);
      acting = act();
      // Where it waits for nothing it is over before.
      await Promise.race([
        waiting(),
        acting.then(
          () => undefined,
          () => undefined,
        ),
      ]);
    });
    return required(acting, 'what was done meanwhile');
  };
}

export function aRegistration(
  wanted: Partial<{ username: string; email: string; full_name: string; phone: string; password: string }> = {},
) {
  const username = wanted.username ?? `u-${randomUUID().slice(0, 13)}`;
  return { username, email: `${username}@mail.example`, full_name: 'Nora Novak', password, ...wanted };
}

export interface Person {
  user: User;
  tokens: TokenPair;
  client: Client;
}

/** A new customer who has signed in. */
export async function aCustomer({ client }: Town, wanted: Parameters<typeof aRegistration>[0] = {}): Promise<Person> {
  const body = aRegistration(wanted);
  const user = await client.must(registerUser, { body });
  const tokens = await client.must(login, { body: { login: body.username, password: body.password } });
  return { user, tokens, client: client.with({ token: tokens.access_token }) };
}

/** A new member of staff, or administrator, who has signed in. */
export async function anOfficial(town: Town, role: 'staff' | 'admin'): Promise<Person> {
  const { username, email, full_name } = aRegistration();
  const id = await ensureAccount(town.context, { username, email, full_name, password, role });
  const tokens = await town.client.must(login, { body: { login: username, password } });
  return { user: { id, username, email } as User, tokens, client: town.client.with({ token: tokens.access_token }) };
}

/** The events of one kind about one person that were written, published or not, oldest first. */
export async function eventsOf(town: Town, event_type: string, user_id: string): Promise<Record<string, unknown>[]> {
  const rows = await town.context.db.query<{ body: string }>('select body from events_written where event_type = $1 order by event_id', [
    event_type,
  ]);
  return rows.map(({ body }) => JSON.parse(body) as Record<string, unknown>).filter((event) => event['user_id'] === user_id);
}

/** Keeps what the outbox was given, which deletes what it has published. */
export async function keepEvents({ context }: Town): Promise<void> {
  await context.db.query('create table events_written (event_id uuid, event_type text, body text)');
  await context.db.query(
    `create function keep_event() returns trigger language plpgsql as $$
     begin insert into events_written values (new.event_id, new.event_type, new.body); return new; end $$`,
  );
  await context.db.query('create trigger keep_event before insert on outbox for each row execute function keep_event()');
}

/** The secret of the last link of a kind that was requested for a person, as the service that sends it gets it. */
export async function lastSecret(town: Town, user_id: string, purpose: string): Promise<string> {
  const events = await eventsOf(town, 'user.message_requested', user_id);
  const event = required(
    events.findLast((each) => each['purpose'] === purpose),
    `a message for ${purpose}`,
  );
  const internal = town.client.with({ token: town.internal_token });
  const { secret } = await internal.must(getMessageSecret, { params: { token_id: String(event['token_id']) } });
  return required(secret, 'the secret');
}

/** Asks for a link to set a new password, and waits until the request was answered. */
export async function askForReset(town: Town, email: string): Promise<void> {
  await town.client.expect(202, requestPasswordReset, { body: { email } });
  await until(async () => ((await town.context.db.query('select 1 from reset_requests')).length === 0 ? undefined : 'no answer'));
}
