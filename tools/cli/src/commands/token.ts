import { refusal } from '@souk/contracts';
import { platformKeys } from '@souk/kernel/platform-keys';
import { type AccountRole, readKept } from '@souk/platform';
import { readConfig } from '../config.ts';
import { accessToken, needRunning } from '../running.ts';

/** Prints nothing but an access token. */
export async function printToken(role: AccountRole, scrape: boolean, code?: string): Promise<number> {
  if (scrape) return printScrapeToken();
  const { home } = readConfig();
  const token = await accessToken(home, await needRunning(home), role, code);
  process.stdout.write(`${token}\n`);
  return 0;
}

/** What Prometheus shows the gateway for metrics and the registry; it follows from the internal token of the home or the environment. */
async function printScrapeToken(): Promise<number> {
  const { home, env } = readConfig();
  const internal_token = env['INTERNAL_TOKEN'] || (await readKept(home, 'internal_token'));
  if (internal_token === undefined)
    throw refusal('config_invalid', `There is no shop in ${home} yet, and INTERNAL_TOKEN is not set. Start it once with npm start.`);
  process.stdout.write(`${platformKeys(internal_token).scrapeToken()}\n`);
  return 0;
}
