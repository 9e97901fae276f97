/** Which answers a cache may keep (RFC 9111): only what everybody may read, and only when it was asked for without a token. */
import type { Access } from '@souk/contracts';

/** Cache-Control of every other answer, problems included. */
export const uncached = 'private, no-store';

export interface AnsweredRequest {
  /** Undefined at an address that is not declared. */
  access: Access | undefined;
  method: string | undefined;
  authorization: string | undefined;
  status: number;
}

const firstRefusal = 400;

/** Whether an answer is for its caller alone. */
export function isPersonalAnswer({ access, method, authorization, status }: AnsweredRequest): boolean {
  const isRead = method === 'GET' || method === 'HEAD';
  return access !== 'public' || !isRead || authorization !== undefined || status >= firstRefusal;
}
