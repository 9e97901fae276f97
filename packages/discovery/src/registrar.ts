/** The heartbeat of a service: registers at every gateway and renews, for ever, without ever blocking its start. */
import { backoffMs, type Log, pause } from '@souk/kernel';
import { Agent, request } from 'undici';
import { checkRegistration, type Registration } from './instance.ts';
import { challengeHeader, isProof, newChallenge, proofHeader } from './proof.ts';

export interface RegistrarOptions {
  registration: Registration;
  /** Origins of the gateways, `http://host:port`; each has its own heartbeat. */
  gateway_urls: readonly string[];
  registration_token: string;
  /** Gateways prove with it that they are of this installation before anything is sent to them; undefined: none has to. */
  identity_key?: Buffer;
  log: Log;
  /** Between two renewals; default 10 s. */
  renew_ms?: number;
  /** First and longest wait after a failure; default 200 ms and 10 s. */
  retry_first_ms?: number;
  retry_max_ms?: number;
  /** Wait for one answer; default 2 s. Twice as long after each failure, up to `timeout_max_ms` (default 10 s): a machine under load answers late. */
  timeout_ms?: number;
  timeout_max_ms?: number;
}

export interface Registrar {
  /** Whether each gateway took the last heartbeat. */
  state(): { gateway_url: string; registered: boolean }[];
  /** Ends the heartbeat and deregisters; takes at most `timeout_ms`, and never fails. */
  stop(): Promise<void>;
}

const failuresToWarn = 4;

/** Starts the heartbeat and returns at once. Refuses a wrong registration with `registration_invalid`. */
export function createRegistrar(options: RegistrarOptions): Registrar {
  const { log, timeout_ms = 2_000, timeout_max_ms = 10_000 } = options;
  const { name, instance_id, ...body } = checkRegistration(options.registration);
  const dispatcher = new Agent({ connections: 1, connect: { timeout: timeout_max_ms } });
  const stopped = new AbortController();
  const registered = new Map(options.gateway_urls.map((url) => [url, false]));

  const send = async (gateway_url: string, method: 'PUT' | 'DELETE', signal: AbortSignal): Promise<void> => {
    const url = new URL(`/registry/services/${encodeURIComponent(name)}/${encodeURIComponent(instance_id)}`, gateway_url);
    const headers = {
      authorization: `Bearer ${options.registration_token}`,
      ...(method === 'PUT' ? { 'content-type': 'application/json' } : {}),
    };
    const answer = await request(url, { method, headers, body: method === 'PUT' ? JSON.stringify(body) : null, dispatcher, signal });
    await answer.body.dump({ limit: 65_536, signal });
    if (answer.statusCode >= 300) throw new Error(`the gateway answered ${answer.statusCode}`);
  };

  const needProof = async (gateway_url: string, signal: AbortSignal): Promise<void> => {
    const { identity_key } = options;
    if (identity_key === undefined) return;
    const challenge = newChallenge('gateway', undefined);
    const answer = await request(new URL('/health/live', gateway_url), { headers: { [challengeHeader]: challenge }, dispatcher, signal });
    await answer.body.dump({ limit: 65_536, signal });
    if (!isProof(identity_key, challenge, { host: '', port: 0 }, answer.headers[proofHeader]))
      throw new Error('what answers there is not a gateway of this installation');
  };

  const beat = async (gateway_url: string): Promise<void> => {
    let failures = 0;
    while (!stopped.signal.aborted) {
      try {
        const patience_ms = Math.min(timeout_ms * 2 ** failures, timeout_max_ms);
        if (!registered.get(gateway_url)) await needProof(gateway_url, AbortSignal.any([stopped.signal, AbortSignal.timeout(patience_ms)]));
        await send(gateway_url, 'PUT', AbortSignal.any([stopped.signal, AbortSignal.timeout(patience_ms)]));
        if (!registered.get(gateway_url)) log.info({ gateway_url, service: name, instance_id }, 'registered at the gateway');
        registered.set(gateway_url, true);
        failures = 0;
        await pause(options.renew_ms ?? 10_000, stopped.signal);
      } catch (error) {
        if (stopped.signal.aborted) return;
        registered.set(gateway_url, false);
        // Services and gateways start in any order: only one that stays away is worth a warning.
        if (failures === failuresToWarn)
          log.warn({ err: error, gateway_url }, 'the gateway does not take the registration; trying again until it does');
        await pause(backoffMs(failures, options.retry_first_ms ?? 200, options.retry_max_ms ?? 10_000), stopped.signal);
        failures += 1;
      }
    }
  };

  const beats = options.gateway_urls.map(beat);
  return {
    state: () => [...registered].map(([gateway_url, is_registered]) => ({ gateway_url, registered: is_registered })),
    async stop() {
      if (stopped.signal.aborted) return;
      stopped.abort();
      await Promise.all(beats);
      const signal = AbortSignal.timeout(timeout_ms);
      const ends = await Promise.allSettled(options.gateway_urls.map((url) => send(url, 'DELETE', signal)));
      for (const end of ends)
        if (end.status === 'rejected') log.debug({ err: end.reason }, 'could not deregister; the lease will end by itself');
      await dispatcher.destroy();
    },
  };
}
