/** What sitemaps list. Where its parts begin is read at most once an hour: it costs a look at every handle. */
import { divideGroupHandles, listCategories, listGroupHandles } from '@souk/contracts';
import { createSingleFlight } from '@souk/kernel';
import { askService } from '@souk/service-kit';
import type { WebContext } from '../context.ts';
import type { Parts } from './load-parts.ts';

const partsKeptMs = 3_600_000;
const partsTimeoutMs = 20_000;

export interface SitemapLists {
  /** The first handles of all parts. Throws `service_unavailable`. */
  starts(): Promise<readonly string[]>;
  /** Throws `service_unavailable`. */
  handles(from: string, signal: AbortSignal): Promise<readonly string[]>;
}

export function createSitemapLists(context: WebContext): SitemapLists {
  const { clock, stopping } = context;
  let known: { starts: readonly string[]; until: number } | undefined;
  const divide = createSingleFlight(async () => {
    const options = { internal: true, timeout_ms: partsTimeoutMs, signal: stopping };
    const { starts } = (await askService(context, divideGroupHandles, options)).body;
    known = { starts, until: clock.now() + partsKeptMs };
    return starts;
  });
  return {
    starts: () => (known !== undefined && clock.now() < known.until ? Promise.resolve(known.starts) : divide.run()),
    handles: async (from, signal) => (await askService(context, listGroupHandles, { internal: true, query: { from }, signal })).body,
  };
}

export async function listedCategories({ needed }: Parts): Promise<readonly { readonly name: string }[]> {
  return (await needed(listCategories)).body;
}
