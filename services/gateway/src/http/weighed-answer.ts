/** Answers that count as more than one request: the service says as how many, and only the gateway reads it. */
import { requestsHeader } from '@souk/contracts';
import { type Fields, fieldOf } from '../domain/answer-fields.ts';
import type { Exchange } from './exchange.ts';

/** Charges the caller for an answer that begins. Answers its header fields without what is said for the gateway. */
export function weighed(exchange: Exchange, fields: Fields): Fields {
  const value = fieldOf(fields, requestsHeader);
  if (value === undefined) return fields;
  const requests = /^[1-9]\d{0,5}$/.test(value) ? Number(value) : 1;
  if (requests > 1) exchange.charge(requests - 1);
  return fields.filter((_, at) => fields[at - (at % 2)] !== requestsHeader);
}
