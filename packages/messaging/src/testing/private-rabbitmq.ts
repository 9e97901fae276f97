/** A private RabbitMQ for a test file, in a folder that is deleted with it. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '@souk/kernel';
import { type PrivateRabbit, startPrivateRabbit } from '../rabbitmq/private-server.ts';

export interface TestRabbit extends Omit<PrivateRabbit, 'close'> {
  /** Ends it and leaves nothing behind. */
  close(): Promise<void>;
}

/** Starts it from the `rabbitmq-server` in the PATH, which takes some seconds: once for each test file. */
export async function startTestRabbit(): Promise<TestRabbit> {
  const folder = await mkdtemp(join(tmpdir(), 'souk-rabbitmq-'));
  const rabbit = await startPrivateRabbit({ folder, log: silentLog, environment: process.env });
  return { ...rabbit, close: () => rabbit.close({ remove: true }) };
}
