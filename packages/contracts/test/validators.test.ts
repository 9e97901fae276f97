/** The compiled validators against generated events: whatever keeps to the glossary is taken, one wrong member is refused and named. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EventDefinition, events } from '@souk/contracts';
import fc from 'fast-check';

interface Schema {
  type?: string;
  const?: unknown;
  anyOf?: readonly Schema[];
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  items?: Schema;
  pattern?: string;
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
}

const listMax = 5;
const textMax = 60;

/** Everything that the schema allows, within sizes that keep the test short. */
function arbitraryOf(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map(arbitraryOf));
  if (schema.properties) {
    const members = Object.entries(schema.properties).map(([name, part]) => [name, arbitraryOf(part)] as const);
    return fc.record(Object.fromEntries(members), { requiredKeys: [...(schema.required ?? [])] });
  }
  if (schema.type === 'array') {
    return fc.array(arbitraryOf(schema.items ?? {}), {
      minLength: schema.minItems ?? 0,
      maxLength: Math.min(schema.maxItems ?? listMax, listMax),
    });
  }
  if (schema.type === 'string') return textOf(schema);
  if (schema.type === 'integer') return fc.integer({ min: schema.minimum ?? 0, max: schema.maximum ?? 2 ** 31 });
  if (schema.type === 'number')
    return fc.integer({ min: schema.exclusiveMinimum === undefined ? 0 : 1, max: 10 ** 9 }).map((minor) => minor / 100);
  if (schema.type === 'boolean') return fc.boolean();
  return fc.constant(null);
}

function textOf({ pattern, minLength = 0, maxLength = textMax }: Schema): fc.Arbitrary<string> {
  if (pattern?.includes('{8}-[0-9a-f]{4}')) return fc.uuid();
  if (pattern?.startsWith('^\\d{4}-'))
    return fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31T00:00:00Z') }).map((date) => date.toISOString());
  const most = Math.min(maxLength, textMax);
  if (pattern?.startsWith('^[^\\u0000')) {
    const unit = fc.oneof(
      fc.constantFrom('a', 'é', '李', ' ', '<', "'"),
      fc.string({ minLength: 1, maxLength: 1, unit: 'binary' }).filter((text) => !/\p{Cc}/u.test(text)),
    );
    return fc
      .array(unit, { minLength, maxLength: most })
      .map((units) => units.join('').slice(0, most))
      .filter((text) => text.length >= minLength);
  }
  return pattern === undefined
    ? fc.string({ minLength, maxLength: most })
    : fc.stringMatching(new RegExp(pattern)).filter((text) => text.length <= maxLength);
}

for (const event of events as readonly EventDefinition[]) {
  test(`any ${event.event_type} that keeps to the glossary is valid; with one member missing or wrong it is not`, () => {
    const members = Object.keys(event.payload_properties);
    const needed = (event.schema as Schema).required ?? [];
    fc.assert(
      fc.property(arbitraryOf(event.schema as Schema), fc.constantFrom(...members), (value, member) => {
        assert.equal(event.findings(value), undefined, JSON.stringify(value));
        const { [member]: _left_out, ...without } = value as Record<string, unknown>;
        assert.equal(event.findings(without) === undefined, !needed.includes(member));
        const found = event.findings({ ...without, [member]: Symbol('wrong') });
        assert.ok(
          found?.every((line) => line.startsWith(`/${member}`)),
          `${member}: ${found?.join('; ')}`,
        );
      }),
      { numRuns: 25 },
    );
  });
}
