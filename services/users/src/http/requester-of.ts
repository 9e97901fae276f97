import { isUuid } from '@souk/kernel';
import type { Caller } from '@souk/service-kit';
import { decodeJwt } from 'jose';
import type { Requester } from '../domain/requester.ts';

interface AuthenticatedRequest {
  readonly client_address: string;
  readonly correlation_id: string;
  header(name: string): string | undefined;
}

/** Who asks. The token was verified before the handler ran; the session it was issued in is only read here. */
export function requesterOf(request: AuthenticatedRequest, caller: Caller): Requester {
  const { client_address, correlation_id } = request;
  const { user_id, role, key } = caller;
  return { user_id, role, session_id: sessionIdOf(request), key_id: key?.id, client_address, correlation_id };
}

function sessionIdOf(request: AuthenticatedRequest): string | undefined {
  const token = request.header('authorization')?.split(' ').at(-1);
  const sid = token === undefined ? undefined : decodeJwt(token)['sid'];
  return typeof sid === 'string' && isUuid(sid) ? sid : undefined;
}
