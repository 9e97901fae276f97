import type { Transport } from './transport.ts';

/** Over a `fetch`, where undici is not to be had. */
export function createTransport(fetcher: typeof fetch = fetch): Transport {
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
