import { type ErrorCode, errorTable } from '../errors.ts';
import { Problem } from '../http/problem.ts';
import { exampleOf } from './example-of.ts';

const invalidRequest = 400;

/** The problem document of a code, as a client gets it. */
export function problemExampleOf(code: ErrorCode): Problem {
  const { status, title } = errorTable[code];
  return {
    type: `/problems/${code}`,
    title,
    status,
    detail: `${title}.`,
    instance: '/api/orders',
    code,
    correlation_id: exampleOf(Problem.properties.correlation_id, {}, 'correlation_id') as string,
    ...(status === invalidRequest && { errors: [{ pointer: '/items/0/quantity', detail: `${title}.` }] }),
  };
}
