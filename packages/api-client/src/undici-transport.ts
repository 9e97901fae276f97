import type { Readable } from 'node:stream';
import { type Dispatcher, request } from 'undici';
import type { Transport } from './transport.ts';

/** Over undici, with its global dispatcher or a given one (a pool of its own, say); never follows redirects. */
export function createTransport(dispatcher?: Dispatcher): Transport {
  return async ({ method, url, headers, body, signal }) => {
    const answer = await request(url, {
      method: method as Dispatcher.HttpMethod,
      headers,
      ...(body === undefined ? {} : { body: body as string | Readable }),
      ...(signal && { signal }),
      ...(dispatcher && { dispatcher }),
    });
    const text = await answer.body.text();
    return { status: answer.statusCode, headers: flat(answer.headers), text };
  };
}

function flat(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const pairs = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, [value].flat().join(', ')] as const],
  );
  return Object.fromEntries(pairs);
}
