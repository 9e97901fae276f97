/**
 * JSON Schema checks with readable findings. The quick check stops at the first fault; only a value that failed it is
 * checked again for all its faults, and only when it is small, so that a hostile body cannot make a million findings.
 */
import { fields } from '@souk/contracts';
import { isInstant } from '@souk/kernel';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';

export interface Finding {
  /** JSON pointer of the member, also of one that is missing or unknown. */
  pointer: string;
  detail: string;
}

/** Undefined when the value is valid. Defaults of the schema are filled in. */
export type SchemaCheck = (value: unknown) => Finding[] | undefined;

const findingsMax = 20;
/** All faults are listed only of values up to this length, in characters of JSON. */
const thoroughLengthMax = 65_536;
const settings = {
  strict: false,
  coerceTypes: false,
  removeAdditional: false,
  useDefaults: true,
  verbose: true,
  formats: { 'date-time': isInstant },
} as const;
const quick = new Ajv(settings);
const thoroughly = new Ajv({ ...settings, allErrors: true });

/**
 * The check of a schema; synchronous, throws nothing. The first value compiles it, not the start: most routes of a process are asked
 * long after its start or never, and compiling all of them takes longer than everything else a service does to start.
 */
export function createSchemaCheck(schema: object): SchemaCheck {
  let check: ValidateFunction | undefined;
  return (value) => {
    check ??= quick.compile(schema);
    if (check(value)) return undefined;
    if ((JSON.stringify(value) ?? '').length > thoroughLengthMax) return describe(check.errors ?? []);
    // Ajv keeps what it has compiled.
    const checkAll = thoroughly.compile(schema);
    checkAll(value);
    return describe(checkAll.errors ?? []);
  };
}

/** The first finding as half a sentence. */
export function summary(errors: readonly Finding[]): string {
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return `${first?.pointer.slice(1) || 'it'} ${first?.detail}${more}`;
}

function describe(errors: readonly ErrorObject[]): Finding[] {
  return withoutUnionNoise(errors).slice(0, findingsMax).map(findingOf);
}

/** Of a union that did not match, the faults of its single real branch say more than the union's own; of choices, the union's own. */
function withoutUnionNoise(errors: readonly ErrorObject[]): ErrorObject[] {
  let kept = [...errors];
  for (const union of errors.filter((error) => error.keyword === 'anyOf')) {
    const branches = union.schema as { type?: string; const?: unknown }[];
    const real = branches.findIndex((branch) => branch.type !== 'null');
    const nullable = branches.length === 2 && branches.some((branch) => branch.type === 'null');
    const inside = (error: ErrorObject, path: string): boolean =>
      error.instancePath.startsWith(union.instancePath) && error.schemaPath.startsWith(path);
    kept = kept.filter((error) =>
      nullable
        ? error !== union && (!inside(error, `${union.schemaPath}/`) || inside(error, `${union.schemaPath}/${real}/`))
        : !inside(error, `${union.schemaPath}/`),
    );
  }
  return kept;
}

function findingOf(error: ErrorObject): Finding {
  const params = error.params as Record<string, unknown>;
  if (error.keyword === 'required') return { pointer: below(error, params['missingProperty']), detail: 'is missing' };
  if (error.keyword === 'additionalProperties') return { pointer: below(error, params['additionalProperty']), detail: 'is not known here' };
  return { pointer: error.instancePath, detail: sentenceOf(error, params) };
}

function below(error: ErrorObject, member: unknown): string {
  return `${error.instancePath}/${String(member).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

const uuidPattern = (fields.OrderId as { pattern?: string }).pattern;

const typeNames: Readonly<Record<string, string>> = {
  integer: 'a whole number',
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
  null: 'null',
};

function sentenceOf(error: ErrorObject, params: Record<string, unknown>): string {
  const limit = String(params['limit']);
  switch (error.keyword) {
    case 'type':
      return `must be ${[params['type']]
        .flat()
        .map((name) => typeNames[String(name)] ?? String(name))
        .join(' or ')}`;
    case 'anyOf':
      return choicesOf(error);
    case 'const':
      return `must be ${JSON.stringify(params['allowedValue'])}`;
    case 'pattern':
      return params['pattern'] === uuidPattern ? 'must be a UUID' : `does not have the right form${described(error)}`;
    case 'format':
      return 'is not an instant that exists';
    case 'minLength':
      return limit === '1' ? 'must not be blank' : `must have at least ${limit} characters`;
    case 'maxLength':
      return `must have at most ${limit} characters`;
    case 'minItems':
      return `must have at least ${limit} ${limit === '1' ? 'entry' : 'entries'}`;
    case 'maxItems':
      return `must have at most ${limit} ${limit === '1' ? 'entry' : 'entries'}`;
    case 'minProperties':
      return `must have at least ${limit} ${limit === '1' ? 'member' : 'members'}`;
    case 'maxProperties':
      return `must have at most ${limit} ${limit === '1' ? 'member' : 'members'}`;
    default:
      return error.message ?? 'is not valid';
  }
}

function choicesOf(error: ErrorObject): string {
  const branches = error.schema as { const?: unknown }[];
  const choices = branches.map((branch) => branch.const).filter((value) => value !== undefined);
  return choices.length === branches.length ? `must be one of ${choices.join(', ')}` : 'does not match any of the allowed forms';
}

function described(error: ErrorObject): string {
  const description = (error.parentSchema as { description?: unknown } | undefined)?.description;
  return typeof description === 'string' ? `: ${description.replace(/\.$/, '')}` : '';
}
