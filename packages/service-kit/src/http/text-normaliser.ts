/**
 * Text as it is kept: every string of a body and of a query is normalised here, once, before it is checked, so that a
 * name of blanks is refused by its least length, and two spellings that look alike are one wherever they are compared.
 * It is the default for each field; a schema says `text_form: 'verbatim'` for what must stay as it was typed, and
 * `text_form: 'code'` for identifiers. Passwords are verbatim by their name.
 */
import { refusal } from '@souk/contracts';
import { normalCode, normalText } from '@souk/kernel';

interface TextSchema {
  type?: string;
  const?: unknown;
  enum?: readonly unknown[];
  text_form?: 'verbatim' | 'code';
  properties?: Readonly<Record<string, TextSchema>>;
  patternProperties?: Readonly<Record<string, TextSchema>>;
  items?: TextSchema;
  anyOf?: readonly TextSchema[];
  allOf?: readonly TextSchema[];
}

/** Answers the value in its normal form; objects and lists are changed in place. */
export type TextNormaliser = (value: unknown, pointer?: string) => unknown;

const passwordName = /(?:^|_)password$/;

/** The normaliser of a schema; undefined when it has no text. Throws `validation_failed` when two names of one record become the same. */
export function createTextNormaliser(schema: object): TextNormaliser | undefined {
  const { type, anyOf, allOf } = schema as TextSchema;
  const parts = anyOf ?? allOf;
  if (parts !== undefined) return inTurn(parts);
  if (type === 'string') return textNormaliser(schema);
  if (type === 'array') return listNormaliser(schema);
  return type === 'object' ? objectNormaliser(schema) : undefined;
}

function inTurn(parts: readonly TextSchema[]): TextNormaliser | undefined {
  const steps = parts.map(createTextNormaliser).filter((step) => step !== undefined);
  if (steps.length === 0) return undefined;
  return (value, pointer) => steps.reduce((current, step) => step(current, pointer), value);
}

function textNormaliser(schema: TextSchema): TextNormaliser | undefined {
  if (schema.text_form === 'verbatim' || schema.const !== undefined || schema.enum !== undefined) return undefined;
  const normal = schema.text_form === 'code' ? normalCode : normalText;
  return (value) => (typeof value === 'string' ? normal(value) : value);
}

function listNormaliser(schema: TextSchema): TextNormaliser | undefined {
  const step = schema.items && createTextNormaliser(schema.items);
  if (step === undefined) return undefined;
  return (value, pointer = '') => {
    if (!Array.isArray(value)) return value;
    value.forEach((entry, index) => {
      value[index] = step(entry, `${pointer}/${index}`);
    });
    return value;
  };
}

function objectNormaliser(schema: TextSchema): TextNormaliser | undefined {
  const members = Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
    const step = passwordName.test(name) ? undefined : createTextNormaliser(member);
    return step === undefined ? [] : [{ name, step }];
  });
  const entries = Object.values(schema.patternProperties ?? {}).map((entry) => createTextNormaliser(entry) ?? same);
  const [entry] = entries;
  if (members.length === 0 && entry === undefined) return undefined;
  return (value, pointer = '') => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    const record = value as Record<string, unknown>;
    for (const { name, step } of members) if (record[name] !== undefined) record[name] = step(record[name], `${pointer}/${name}`);
    return entry === undefined ? record : normalRecord(record, entry, schema.properties ?? {}, pointer);
  };
}

const same: TextNormaliser = (value) => value;

/** A record of free names: the names are text as well. */
function normalRecord(record: Record<string, unknown>, step: TextNormaliser, declared: object, pointer: string): Record<string, unknown> {
  const normal: Record<string, unknown> = {};
  for (const [written, value] of Object.entries(record)) {
    const name = Object.hasOwn(declared, written) ? written : normalText(written);
    if (Object.hasOwn(normal, name)) throw givenTwice(pointer, name);
    Object.defineProperty(normal, name, {
      value: Object.hasOwn(declared, written) ? value : step(value, `${pointer}/${name}`),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return normal;
}

function givenTwice(pointer: string, name: string): Error {
  const errors = [{ pointer: `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, detail: 'is given twice' }];
  return refusal('validation_failed', `The body is not valid: ${JSON.stringify(name)} is given twice.`, { errors });
}
