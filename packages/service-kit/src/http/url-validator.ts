import { refusal } from '@souk/contracts';
import { createSchemaCheck } from './schema-validator.ts';
import { checkUrlText, createConversion, parseQuery } from './url-members.ts';

/** Reads and checks the query of a route; throws `validation_failed`. */
export function createQueryReader(schema: object | undefined): (url: string) => unknown {
  if (schema === undefined) return () => undefined;
  const convert = createConversion(schema);
  const check = createSchemaCheck(schema);
  return (url) => {
    const members = parseQuery(url);
    convert(members);
    const errors = check(members, true);
    if (errors) throw refusal('validation_failed', `The query is not valid: ${summary(errors)}.`, { errors });
    return members;
  };
}

/** Checks the path members of a route; throws `validation_failed`. */
export function createParamsReader(schema: object | undefined): (params: unknown) => unknown {
  const convert = createConversion(schema ?? {});
  const check = schema && createSchemaCheck(schema);
  return (params) => {
    const members = params as Record<string, unknown>;
    for (const name of Object.keys(members)) checkUrlText(String(members[name]));
    convert(members);
    const errors = check?.(members, true);
    if (errors) throw refusal('validation_failed', `The address is not valid: ${summary(errors)}.`, { errors });
    return members;
  };
}

/** The first finding as half a sentence. */
export function summary(errors: readonly { pointer: string; detail: string }[]): string {
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return `${first?.pointer.slice(1) || 'it'} ${first?.detail}${more}`;
}
