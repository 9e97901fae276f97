/** Which answers a cache may keep (RFC 9111): only what everybody may read, and only when it was asked for without a token. */
import type { Access } from '@souk/contracts';

/** Cache-Control of every other answer, problems included. */
export const uncached = 'private, no-store';
/** Of pages that say who is signed in: a browser may keep its own for going back, and asks each time whether it is still so. */
const ofBrowser = 'private, no-cache';

export interface AnsweredRequest {
  /** Undefined at an address that is not declared. */
  access: Access | undefined;
  /** A page for browsers. */
  page: boolean | undefined;
  method: string | undefined;
  authorization: string | undefined;
  status: number;
}

const firstRefusal = 400;

/** Cache-Control of an answer that is for its caller alone; undefined for one that is for everybody. */
export function personalCaching({ access, page, method, authorization, status }: AnsweredRequest): string | undefined {
  const isRead = method === 'GET' || method === 'HEAD';
  if (access === 'public' && isRead && authorization === undefined && status < firstRefusal) return undefined;
  return page === true && isRead && status < firstRefusal ? ofBrowser : uncached;
}
