import { isUuid } from '@souk/kernel';
import { decodeJwt } from 'jose';

/** The session an access token was issued in. The token was verified before the handler ran; here it is only read. */
export function sessionIdOf(request: { header(name: string): string | undefined }): string | undefined {
  const token = request.header('authorization')?.split(' ').at(-1);
  const sid = token === undefined ? undefined : decodeJwt(token)['sid'];
  return typeof sid === 'string' && isUuid(sid) ? sid : undefined;
}
