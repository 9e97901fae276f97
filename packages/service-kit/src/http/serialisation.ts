/**
 * What Fastify serialises with: a response schema, compiled by its first answer. What the schema does not declare is not sent.
 * Nothing else of an answer may change on the way, so a schema is given to the serialiser in a form that never converts,
 * chooses or refuses: lengths, patterns and required members are the business of those who write the answer.
 */
import fastJsonStringify, { type Schema } from 'fast-json-stringify';
import type { FastifySerializerCompiler } from 'fastify';

interface ResponseSchema {
  type?: string;
  const?: unknown;
  anyOf?: readonly ResponseSchema[];
  properties?: Readonly<Record<string, ResponseSchema>>;
  patternProperties?: Readonly<Record<string, ResponseSchema>>;
  items?: ResponseSchema;
}

const anyJson = {} as Schema;

/** The serialiser of one declared answer. */
export const compileSerialiser: FastifySerializerCompiler<object> = ({ schema }) => {
  let serialise: ((body: unknown) => string) | undefined;
  return (body) => {
    serialise ??= fastJsonStringify(writtenForm(schema as ResponseSchema));
    return serialise(body);
  };
};

function writtenForm({ type, const: constant, anyOf, properties, patternProperties, items }: ResponseSchema): Schema {
  if (anyOf !== undefined) return unionForm(anyOf);
  if (type === 'object') return objectForm(properties, patternProperties);
  if (type === 'array' && items !== undefined) return { type: 'array', items: writtenForm(items) };
  if (type === 'string' || typeof constant === 'string') return { type: 'string' };
  return type === 'boolean' ? { type } : type === 'integer' || type === 'number' ? { type: 'number' } : anyJson;
}

/** A value or null, or one of several texts; what can only be distinguished by its content is written as it is. */
function unionForm(branches: readonly ResponseSchema[]): Schema {
  const real = branches.filter(({ type }) => type !== 'null').map(writtenForm);
  const [first = anyJson] = real;
  const isOneForm = 'type' in first && (real.length === 1 || real.every((form) => (form as { type?: unknown }).type === 'string'));
  if (!isOneForm) return anyJson;
  return real.length === branches.length ? first : { ...first, nullable: true };
}

function objectForm(properties: ResponseSchema['properties'], patternProperties: ResponseSchema['patternProperties']): Schema {
  const [entry] = Object.values(patternProperties ?? {});
  if (properties === undefined && entry === undefined) return anyJson;
  return {
    type: 'object',
    ...(properties && { properties: Object.fromEntries(Object.entries(properties).map(([name, member]) => [name, writtenForm(member)])) }),
    ...(entry && { additionalProperties: writtenForm(entry) }),
  };
}
