/** What Fastify validates with: text in its normal form, members of the address as what they declare, findings in our words. */
import { refusal } from '@souk/contracts';
import type { FastifySchemaCompiler } from 'fastify';
import { createSchemaCheck, summary } from './findings.ts';
import { checkUrlText, createConversion, parseQuery } from './query.ts';
import { createTextNormaliser } from './text-normaliser.ts';

type Read = (given: unknown) => unknown;

/** The validator of one part of a request: answers its value, or refuses with `validation_failed`. */
export const compileValidator: FastifySchemaCompiler<object> = ({ schema, httpPart }) => {
  const read = httpPart === 'params' ? paramsReader(schema) : httpPart === 'body' ? bodyReader(schema) : createQueryReader(schema);
  return (given) => {
    try {
      return { value: read(given) };
    } catch (error) {
      return { error: error as Error };
    }
  };
};

/** Reads and checks a query string; throws `validation_failed`. */
export function createQueryReader(schema: object): Read {
  const convert = createConversion(schema);
  const normalise = createTextNormaliser(schema);
  const check = checked(schema, 'query');
  return (text) => {
    const members = parseQuery(text as string);
    convert(members);
    normalise?.(members);
    return check(members);
  };
}

function paramsReader(schema: object): Read {
  const convert = createConversion(schema);
  const check = checked(schema, 'address');
  return (given) => {
    const members = given as Record<string, unknown>;
    for (const name of Object.keys(members)) checkUrlText(String(members[name]));
    convert(members);
    return check(members);
  };
}

function bodyReader(schema: object): Read {
  const normalise = createTextNormaliser(schema);
  const check = checked(schema, 'body');
  return (given) => check(normalise === undefined ? given : normalise(given));
}

function checked(schema: object, subject: string): Read {
  const check = createSchemaCheck(schema);
  return (value) => {
    const errors = check(value);
    if (errors) throw refusal('validation_failed', `The ${subject} is not valid: ${summary(errors)}.`, { errors });
    return value;
  };
}
