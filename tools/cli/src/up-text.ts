/** What is printed when the distributed world is up. */
import { join } from 'node:path';
import { required } from '@souk/kernel';
import type { Account, Instance, Servers } from '@souk/platform';
import { firstOrderLines } from './first-order.ts';

export interface ReadyWords {
  home: string;
  servers: Servers;
  instances: readonly Instance[];
  pids: Readonly<Record<string, number>>;
  accounts: readonly Account[];
  first_start: boolean;
  seconds: number;
}

const nameWidth = 18;
const placeWidth = 26;

export async function upText({ home, servers, instances, pids, accounts, first_start, seconds }: ReadyWords): Promise<string> {
  const row = (name: string, place: string, note: string): string =>
    `  ${name.padEnd(nameWidth)}${place.padEnd(placeWidth)}${note}`.trimEnd();
  const processes = instances.map(({ name, url }) => row(name, url, `process ${pids[name] ?? ''}`));
  const places = servers.places.map(({ name, where, note }) => row(name, where, note));
  const admin = required(
    accounts.find((account) => account.role === 'admin'),
    'the admin account',
  );
  const file = join(home, 'secrets', 'accounts.json');
  const login = first_start ? `${admin.username} / ${admin.password}   (kept in ${file})` : `${admin.username}, its password is in ${file}`;
  const lines = await firstOrderLines({ gateway_url: required(instances[0], 'the first gateway').url, accounts, first_start, home });
  const shop = row('storefront', `${required(instances[0], 'the first gateway').url}/`, 'open it in a browser');
  const desk = row('console', `${required(instances[0], 'the first gateway').url}/console`, '  for staff');
  const next = lines
    ? `Place a first order and look at it:\n\n${lines.join('\n')}\n`
    : 'The catalogue is empty. Fill it with: npm run souk -- import FILE.csv\n';
  return `\nSouk is up (${seconds.toFixed(1)} s): ${instances.length} processes.\n\n${shop}\n${desk}\n\n${[...processes, ...places].join('\n')}\n\n  staff login    ${login}\n\n${next}\nCtrl-C stops everything.\n\n`;
}
