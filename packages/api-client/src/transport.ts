/** How requests travel; two ways with the same shape. */
import type { Readable } from 'node:stream';
import { type Dispatcher, request } from 'undici';

export interface TransportRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string | AsyncIterable<Uint8Array> | undefined;
  signal: AbortSignal | undefined;
}

export interface TransportAnswer {
  status: number;
  headers: Record<string, string>;
  text: string;
}

export type Transport = (request: TransportRequest) => Promise<TransportAnswer>;

/** Over undici, with its global dispatcher or a given one (a pool of its own, say); never follows redirects. */
export function undiciTransport(dispatcher?: Dispatcher): Transport {
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

/** Over a `fetch`, where undici is not to be had. */
export function fetchTransport(fetcher: typeof fetch = fetch): Transport {
  return async ({ method, url, headers, body, signal }) => {
    const streamed = body !== undefined && typeof body !== 'string';
    const init = {
      method,
      headers,
      redirect: 'manual',
      ...(signal && { signal }),
      ...(body !== undefined && { body }),
      ...(streamed && { duplex: 'half' }),
    };
    const answer = await fetcher(url, init as RequestInit);
    return { status: answer.status, headers: Object.fromEntries(answer.headers), text: await answer.text() };
  };
}

function flat(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const pairs = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, [value].flat().join(', ')] as const],
  );
  return Object.fromEntries(pairs);
}
