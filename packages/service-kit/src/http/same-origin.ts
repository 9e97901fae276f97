/** Whether a page of this shop has sent a request, by what browsers say of it and scripts cannot change. */

export interface RequestOrigin {
  /** Sec-Fetch-Site (Fetch Metadata). */
  sec_fetch_site: string | undefined;
  origin: string | undefined;
  host: string | undefined;
  /** The request came by https. */
  secure: boolean;
}

/** True for a page of the same origin. Where a browser is too old to say so by Sec-Fetch-Site, its Origin must be the host that was asked. */
export function isSameOrigin({ sec_fetch_site, origin, host, secure }: RequestOrigin): boolean {
  if (sec_fetch_site !== undefined) return sec_fetch_site === 'same-origin';
  if (origin === undefined || host === undefined) return false;
  // Behind a proxy that the gateway does not trust it cannot know that the client came by https.
  return origin === `https://${host}` || (!secure && origin === `http://${host}`);
}
