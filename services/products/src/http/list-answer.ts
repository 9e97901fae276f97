import { type Answer, answerText } from '@souk/service-kit';
import type { ProductList } from '../use-cases/list-products.ts';

/** A page of a list, with the address of the next one and the number of all where it was asked for. */
export function listAnswer({ text, next_cursor, total_count }: ProductList): Answer<never> {
  return answerText(200, text, { next_cursor, ...(total_count !== undefined && { headers: { 'total-count': total_count } }) });
}
