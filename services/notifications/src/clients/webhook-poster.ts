/** Posts over HTTP to addresses that others chose: one connection for each attempt, no redirect, no proxy, nothing kept but the status. */
import { lookup as lookupSystem } from 'node:dns';
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { PostOutcome, WebhookPoster } from '../domain/required-interfaces.ts';
import { targetFault } from '../domain/webhook-target.ts';
import { publicOnly, type Resolve, TargetRefused } from './resolve-public.ts';

export interface PosterOptions {
  resolve: Resolve;
  /** Development: plain HTTP, addresses and private names are posted to as well. */
  allow_private: boolean;
  timeout_ms: number;
}

const answerBytesMax = 64 * 1024;
const unknownNames: ReadonlySet<string | undefined> = new Set(['ENOTFOUND', 'ENODATA', 'ESERVFAIL', 'EAI_AGAIN', 'ENOTIMP', 'EREFUSED']);

export function createWebhookPoster({ resolve, allow_private, timeout_ms }: PosterOptions): WebhookPoster {
  // No agent of the process: its pool could hold a connection that was checked for another name, or lead to a proxy.
  const agents = { 'http:': new HttpAgent({ keepAlive: false }), 'https:': new HttpsAgent({ keepAlive: false }) };
  const lookup = allow_private ? (lookupSystem as LookupFunction) : lookupOf(publicOnly(resolve));
  return {
    async post(target, headers, body, signal) {
      const url = new URL(target);
      const isSecure = url.protocol === 'https:';
      // Named while private addresses were allowed: no lookup is asked about the number of a host.
      if (targetFault(url, allow_private) !== undefined) return { status: null, failure: 'target_refused' };
      const limit = AbortSignal.any([signal, AbortSignal.timeout(timeout_ms)]);
      const send = isSecure ? httpsRequest : httpRequest;
      return new Promise<PostOutcome>((settle) => {
        const request = send(url, {
          method: 'POST',
          agent: isSecure ? agents['https:'] : agents['http:'],
          headers: { ...headers, 'content-length': Buffer.byteLength(body) },
          lookup,
          signal: limit,
        });
        request.on('response', (response) => {
          settle({ status: response.statusCode ?? 0, retry_after: response.headers['retry-after'] });
          discard(response);
        });
        request.on('error', (error) => settle({ status: null, failure: failureOf(error, limit) }));
        request.end(body);
      });
    },
  };
}

/** As `net.connect` asks: it is handed what was checked. Node does not ask for addresses, which are refused before. */
function lookupOf(resolve: Resolve): LookupFunction {
  return (hostname, { all }, done) => {
    resolve(hostname).then(
      (addresses) => {
        const [first] = addresses;
        if (all || first === undefined) done(null, addresses);
        else done(null, first.address, first.family);
      },
      (error: unknown) => done(error as NodeJS.ErrnoException, []),
    );
  };
}

/** Reads the rest away, so that the receiver is not cut off while it answers; an endless one is. */
function discard(response: IncomingMessage): void {
  let bytes = 0;
  response.on('data', (part: Buffer) => {
    bytes += part.length;
    if (bytes > answerBytesMax) response.destroy();
  });
  // The status is what counts; how the rest ends does not.
  response.on('error', () => undefined);
}

function failureOf(error: Error, limit: AbortSignal): Extract<PostOutcome, { status: null }>['failure'] {
  if (limit.aborted) return 'timeout';
  if (error instanceof TargetRefused) return 'target_refused';
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ETIMEOUT' || code === 'ETIMEDOUT') return 'timeout';
  return unknownNames.has(code) ? 'name_unknown' : 'connection_failed';
}
