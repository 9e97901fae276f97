/**
 * The settings of a session: times and dates in one form whatever the server is set to, and time limits. They are set by a
 * statement and not when the connection starts: a pooler such as PgBouncer drops or refuses what it does not know there.
 */
import type pg from 'pg';

export interface SessionLimits {
  /** 0: none. */
  statement_timeout_ms: number;
  idle_in_transaction_ms: number;
}

const settingsTimeoutMs = 5_000;
const settings = `select set_config('timezone', 'UTC', false), set_config('datestyle', 'ISO', false),
  set_config('statement_timeout', $1, false), set_config('idle_in_transaction_session_timeout', $2, false)`;

/** One round trip; without limits a session may take as long as it needs. */
export async function prepareSession(
  client: Pick<pg.ClientBase, 'query'>,
  { statement_timeout_ms, idle_in_transaction_ms }: SessionLimits = { statement_timeout_ms: 0, idle_in_transaction_ms: 0 },
): Promise<void> {
  const values = [String(statement_timeout_ms), String(idle_in_transaction_ms)];
  const query = { text: settings, values, query_timeout: settingsTimeoutMs };
  await client.query(query);
}
