/** The query of a route that the gateway answers itself, held to its declaration. */
import { type QueryOf, type RouteDeclaration, refusal } from '@souk/contracts';
import { createSchemaCheck, type SchemaCheck } from '@souk/service-kit';

/** Reads the query of an address. Throws `validation_failed` for a member that is unknown, missing, of another form, or there twice. */
export function createQueryReader<R extends RouteDeclaration>({ query }: R): (url: string) => QueryOf<R> {
  const check: SchemaCheck = createSchemaCheck(query ?? {});
  return (url) => {
    const mark = url.indexOf('?');
    const members = new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1));
    const twice = [...members.keys()].find((name) => members.getAll(name).length > 1);
    const value = Object.fromEntries(members);
    const errors = twice === undefined ? check(value) : [{ pointer: `/${twice}`, detail: 'is there more than once' }];
    if (errors === undefined) return value as QueryOf<R>;
    throw refusal('validation_failed', `The query is not valid: ${errors[0]?.pointer.slice(1)} ${errors[0]?.detail}.`, { errors });
  };
}
