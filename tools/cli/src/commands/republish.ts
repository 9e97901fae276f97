import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient } from '@souk/client';
import { backupOrder, refusal, republishRoute } from '@souk/contracts';
import { required, timestamp } from '@souk/kernel';
import { platformKeys } from '@souk/kernel/platform-keys';
import { readConfig } from '../config.ts';
import { needRunning } from '../running.ts';

/** A service that has very much to publish answers when it is done. */
const answerLimitMs = 600_000;

/** Asks every service to publish once more what changed since an instant. */
export async function republish(given: string | undefined): Promise<number> {
  const since = readInstant(given);
  const { home } = readConfig();
  const platform = await needRunning(home);
  const keys = platformKeys((await readFile(join(home, 'secrets', 'internal_token'), 'utf8')).trim());
  for (const name of backupOrder) {
    const base_url = required(platform.urls[name], `the address of ${name}`);
    const service = createClient({ base_url, token: keys.internalToken(name), retries: 0 });
    const answer = await service.call({ ...republishRoute, service: name }, { body: { since }, timeout_ms: answerLimitMs });
    if (!answer.ok)
      throw refusal(
        'service_unavailable',
        `${name} could not publish: ${answer.error.detail}. Run it again; what was published counts once.`,
      );
    const { published } = answer.body;
    const why = published === 0 ? `: nothing that it would publish again has changed since ${since}` : '';
    process.stdout.write(`${name.padEnd(15)}${published} ${published === 1 ? 'event' : 'events'}${why}\n`);
  }
  return 0;
}

function readInstant(text: string | undefined): string {
  const at_ms = Date.parse(text ?? '');
  if (text === undefined || !/^\d{4}-\d\d-\d\dT/.test(text) || Number.isNaN(at_ms))
    throw refusal('validation_failed', `--since is ${JSON.stringify(text ?? '')}; it must be an instant such as 2026-11-29T04:00:00Z.`);
  return timestamp(at_ms);
}
