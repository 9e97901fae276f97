/** Which other services have proved that they are of this installation: nothing is sent to an address before. */
import type { ServiceName } from '@souk/contracts';
import { challengeHeader, isProof, newChallenge, proofHeader } from '@souk/discovery';
import type { Clock } from '@souk/kernel';
import { type Dispatcher, request } from 'undici';

export interface ProvenPeers {
  /** Resolves when the service at this address has proved itself within the last while; else asks it. Rejects when it does not. */
  need(service: ServiceName, base_url: string, signal: AbortSignal): Promise<void>;
  /** After a call that failed: what answers there next may be another program. */
  forget(base_url: string): void;
}

const heldMs = 10_000;
/** Where a service is reached is configured: it need not know under which name. */
const anywhere = { host: '', port: 0 };

export function createProvenPeers(options: { dispatcher: Dispatcher; identity_key: Buffer; clock: Clock }): ProvenPeers {
  const { dispatcher, identity_key, clock } = options;
  const proven_until = new Map<string, number>();
  return {
    async need(service, base_url, signal) {
      if ((proven_until.get(base_url) ?? 0) > clock.now()) return;
      const challenge = newChallenge(service, undefined);
      const answer = await request(new URL('/health/live', base_url), { dispatcher, signal, headers: { [challengeHeader]: challenge } });
      await answer.body.dump({ limit: 65_536, signal });
      if (!isProof(identity_key, challenge, anywhere, answer.headers[proofHeader]))
        throw new Error(`what answers at ${base_url} does not prove that it is ${service} of this installation`);
      proven_until.set(base_url, clock.now() + heldMs);
    },
    forget: (base_url) => void proven_until.delete(base_url),
  };
}
