/** From a name to its addresses, by asking the name servers: no thread of the process waits, and no hosts file is read. */
import { Resolver } from 'node:dns/promises';
import { isGlobalUnicast } from '../domain/webhook-target.ts';

export interface ResolvedAddress {
  address: string;
  family: 4 | 6;
}
/** All addresses of a name; rejects where it has none. */
export type Resolve = (hostname: string) => Promise<ResolvedAddress[]>;

/** The name leads, at least in part, to where nothing may be posted. */
export class TargetRefused extends Error {
  constructor(hostname: string) {
    super(`${hostname} leads to an address that is not public`);
  }
}

const timeoutMs = 4_000;
const tries = 2;

export function createResolve(): Resolve {
  const resolver = new Resolver({ timeout: timeoutMs, tries });
  return async (hostname) => {
    const [v4, v6] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
    const addresses: ResolvedAddress[] = [
      ...(v4.status === 'fulfilled' ? v4.value.map((address) => ({ address, family: 4 as const })) : []),
      ...(v6.status === 'fulfilled' ? v6.value.map((address) => ({ address, family: 6 as const })) : []),
    ];
    if (addresses.length === 0) throw v4.status === 'rejected' ? v4.reason : new Error(`${hostname} has no address`);
    return addresses;
  };
}

/** Refuses a name of which any address is not public: the connection is then made to one of exactly these, and nothing is asked again. */
export function publicOnly(resolve: Resolve): Resolve {
  return async (hostname) => {
    const addresses = await resolve(hostname);
    if (!addresses.every(({ address }) => isGlobalUnicast(address))) throw new TargetRefused(hostname);
    return addresses;
  };
}
