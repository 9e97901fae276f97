/** A local RabbitMQ for a test file, in a folder that is deleted with it, or a virtual host of one that all files share. */
import { randomUUID } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AssertionFailed, required, silentLog } from '@souk/kernel';
import { type LocalRabbitMq, startLocalRabbitMq } from '@souk/local-servers/rabbitmq';

export interface TestRabbitMq extends Omit<LocalRabbitMq, 'close'> {
  /** Ends it and leaves nothing behind. */
  close(): Promise<void>;
}

/** A virtual host that is empty and that no other test sees. */
export interface TestVirtualHost {
  url: string;
  /** Deletes it with everything in it. */
  close(): Promise<void>;
}

/** Where the server that all files of a test run share is told to them: its management address, and the one for AMQP. */
const sharedRabbitVariables = { management: 'SOUK_TEST_RABBITMQ_URL', amqp: 'SOUK_TEST_AMQP_URL' } as const;

/** Starts one from the `rabbitmq-server` in the PATH, which takes some seconds: for tests that stop it, or fill it. */
export async function startTestRabbitMq(options: { management?: boolean; metrics?: boolean } = {}): Promise<TestRabbitMq> {
  const folder = await mkdtemp(join(tmpdir(), 'souk-rabbitmq-'));
  const rabbit = await startLocalRabbitMq({ folder, log: silentLog, environment: process.env, ...options });
  return { ...rabbit, close: () => rabbit.close({ remove: true }) };
}

/** The variables by which other processes of a test run find this server, which was started with `management`. */
export function sharedRabbitEnvironment({ url, management_url }: TestRabbitMq): Record<string, string> {
  return { [sharedRabbitVariables.amqp]: url, [sharedRabbitVariables.management]: required(management_url, 'the management address') };
}

/** A virtual host of the server that the test run shares, or else the only one of a server of its own. */
export async function freshVirtualHost(): Promise<TestVirtualHost> {
  const management = process.env[sharedRabbitVariables.management];
  const amqp = process.env[sharedRabbitVariables.amqp];
  if (management === undefined || amqp === undefined) return startTestRabbitMq();
  const name = `souk-test-${randomUUID()}`;
  await manage(management, 'PUT', name);
  return { url: `${amqp}/${name}`, close: () => manage(management, 'DELETE', name) };
}

/** The account that makes a virtual host may do everything in it. */
async function manage(management: string, method: 'PUT' | 'DELETE', name: string): Promise<void> {
  const { username, password, origin } = new URL(management);
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const { ok, status } = await fetch(`${origin}/api/vhosts/${name}`, {
    method,
    headers: { authorization, 'content-type': 'application/json' },
    ...(method === 'PUT' ? { body: '{}' } : {}),
  });
  if (!ok) throw new AssertionFailed(`RabbitMQ answers ${status} to ${method} of a virtual host`);
}
