/** What is bought in a trial: the sample shop, where much sells out, or things of which there is plenty. */
import { pause, required } from '@souk/kernel';
import type { Platform } from './platform.ts';

const plenty = { count: 20, stock: 100_000 };
const knownLimitMs = 60_000;
const pollMs = 50;

/** Products of the sample shop that are in stock. */
export async function sampleProducts({ gateways }: Platform): Promise<string[]> {
  const answer = await fetch(`${gateways[0]}/api/products?in_stock=true&limit=100`);
  return ((await answer.json()) as { id: string }[]).map(({ id }) => id);
}

/** New products with more pieces than any trial sells, once inventory knows them. */
export async function plentifulProducts({ gateways, souk }: Platform): Promise<string[]> {
  const gateway = required(gateways[0], 'a gateway');
  const authorization = `Bearer ${(await souk('token', '--role', 'staff')).stdout.trim()}`;
  const ids: string[] = [];
  for (let number = 1; number <= plenty.count; number += 1) {
    const body = JSON.stringify({ name: `Thing ${number}`, price: 9.95, currency: 'EUR', stock_quantity: plenty.stock });
    const headers = { authorization, 'content-type': 'application/json' };
    const answer = await fetch(`${gateway}/api/products`, { method: 'POST', headers, body });
    if (answer.status !== 201) throw new Error(`a product could not be made: ${await answer.text()}`);
    ids.push(((await answer.json()) as { id: string }).id);
  }
  for (const id of ids)
    for (const end = performance.now() + knownLimitMs; !(await fetch(`${gateway}/api/inventory/${id}`)).ok; await pause(pollMs))
      if (performance.now() > end) throw new Error(`inventory does not know product ${id}`);
  return ids;
}
