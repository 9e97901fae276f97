import type { Problem } from '@souk/contracts';
import { AppError } from '@souk/kernel';
import { problemOf } from './problem.ts';
import type { RouteRequest } from './route-request.ts';

/**
 * The problem of one item of a batch, whose pointers lead into the list `items` of the body. Throws what is not a refusal: a fault
 * of ours, or something passing, fails the whole batch.
 */
export function itemProblem(error: unknown, index: number, { url, correlation_id }: Pick<RouteRequest, 'url' | 'correlation_id'>): Problem {
  if (!(error instanceof AppError)) throw error;
  const { problem, status } = problemOf(error, url.split('?', 1)[0] ?? '', correlation_id);
  if (status >= 500) throw error;
  const place = `/items/${index}`;
  const { errors } = problem;
  return errors === undefined ? problem : { ...problem, errors: errors.map((one) => ({ ...one, pointer: `${place}${one.pointer}` })) };
}
