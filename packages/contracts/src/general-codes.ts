import type { ErrorCode } from './errors.ts';

/** Any request may be refused with these, whatever it is for; a route declares only the codes of its own. */
export const generalCodes = [
  'validation_failed',
  'json_invalid',
  'header_invalid',
  'not_found',
  'method_not_allowed',
  'body_too_large',
  'client_left',
  'media_type_unsupported',
  'headers_too_large',
  'request_timeout',
  'token_missing',
  'token_invalid',
  'forbidden',
  'keys_unavailable',
  'rate_limited',
  'overloaded',
  'database_unavailable',
  'cache_load_timeout',
  'service_unavailable',
  'shutting_down',
  'upstream_failed',
  'upstream_timeout',
  'chaos_injected',
  'internal',
] as const satisfies readonly ErrorCode[];
