import { AppError } from '@souk/kernel';
import type { SecurityEvent, SecurityLog } from '@souk/telemetry';
import { tokenFaultOf } from './verifier.ts';

/** Records that a request was not admitted: its token is not valid, its role not enough, its limit used up. Other errors are not for this log. */
export function recordRefusedRequest(
  security: SecurityLog,
  error: unknown,
  who: Pick<SecurityEvent, 'client_address' | 'correlation_id' | 'user_id' | 'api_key' | 'object'>,
): void {
  if (!(error instanceof AppError)) return;
  const { api_key = who.api_key } = error.details as { api_key?: string };
  if (error.code === 'token_invalid')
    security.record({ event: 'token_refused', outcome: 'refused', cause: tokenFaultOf(error) ?? 'malformed', ...who, api_key });
  else if (error.code === 'rate_limited') security.record({ event: 'rate_limited', outcome: 'refused', ...who });
  else if (error.code === 'forbidden') security.record({ event: 'access_refused', outcome: 'refused', cause: 'role', ...who });
  else if (error.code === 'scope_missing') security.record({ event: 'access_refused', outcome: 'refused', cause: 'scope', ...who });
}
