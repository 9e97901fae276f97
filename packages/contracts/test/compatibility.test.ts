import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { events } from '@souk/contracts';
import { breakingChanges, exampleOf } from '@souk/contracts/reference';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { schemaFolder } from './_support.ts';

interface Schema {
  properties: Record<string, Record<string, unknown>>;
  required: string[];
  [keyword: string]: unknown;
}

const committed = async (name: string): Promise<Schema> => JSON.parse(await readFile(new URL(name, schemaFolder), 'utf8')) as Schema;
const fileOf = ({ event_type, version }: { event_type: string; version: string }): string => `${event_type}.${version}.json`;

test('no event changed in a way that its consumers could not bear', async () => {
  for (const event of events) assert.deepEqual(breakingChanges(await committed(fileOf(event)), event.schema), [], fileOf(event));
});

test('every event has its committed schema, and every committed schema its event', async () => {
  assert.deepEqual((await readdir(schemaFolder)).sort(), events.map(fileOf).sort());
});

test('any JSON Schema validator can use the committed schemas, and takes the examples', async () => {
  const ajv = new Ajv2020({ strict: true, allErrors: true });
  for (const event of events) {
    const accepts = ajv.compile(await committed(fileOf(event)));
    const example = exampleOf(event.schema) as Record<string, unknown>;
    assert.ok(accepts(example), `${event.event_type}: ${ajv.errorsText(accepts.errors)}`);
    assert.ok(!accepts({ ...example, version: 'another' }), event.event_type);
  }
});

const member = (schema: Schema, name: string): Record<string, unknown> => schema.properties[name] as Record<string, unknown>;
const nested = (schema: Schema, name: string): Schema => (member(schema, name)['items'] ?? member(schema, name)) as Schema;

const breaking: readonly [string, RegExp, (schema: Schema) => void][] = [
  ['a member is removed', /\/currency: was removed/, (schema) => delete schema.properties['currency']],
  [
    'a required member is added',
    /\/channel: was added as a required member/,
    (schema) => {
      schema.properties['channel'] = { type: 'string' };
      schema.required.push('channel');
    },
  ],
  [
    'an optional member becomes required',
    /\/metadata\/actor: became required/,
    (schema) => {
      nested(schema, 'metadata')['required'] = ['actor'];
    },
  ],
  [
    'a required member becomes optional',
    /\/total_amount: became optional/,
    (schema) => {
      schema.required = schema.required.filter((name) => name !== 'total_amount');
    },
  ],
  [
    'a type changes',
    /\/order_version: type was "integer" and is "string"/,
    (schema) => {
      member(schema, 'order_version')['type'] = 'string';
    },
  ],
  [
    'a limit is narrowed',
    /\/items: maxItems was 100 and is 10/,
    (schema) => {
      member(schema, 'items')['maxItems'] = 10;
    },
  ],
  [
    'a limit is widened',
    /\/items: maxItems was 100 and is 1000/,
    (schema) => {
      member(schema, 'items')['maxItems'] = 1_000;
    },
  ],
  [
    'a pattern changes',
    /\/currency: pattern was/,
    (schema) => {
      member(schema, 'currency')['pattern'] = '^[A-Z]{3,4}$';
    },
  ],
  [
    'a member of a list entry is renamed',
    /\/items\/items\/price: was removed/,
    (schema) => {
      const entry = nested(schema, 'items');
      entry.properties['unit_price'] = member(entry, 'price');
      delete entry.properties['price'];
    },
  ],
  [
    'a member is added where unknown ones are refused',
    /\/shipping_address\/floor: was added where unknown members are refused/,
    (schema) => {
      nested(schema, 'shipping_address').properties['floor'] = { type: 'string' };
    },
  ],
  [
    'the version changes in place',
    /\/version: const was "1\.0" and is "2\.0"/,
    (schema) => {
      member(schema, 'version')['const'] = '2.0';
    },
  ],
];

for (const [what, finding, change] of breaking) {
  test(`it is found when ${what}`, async () => {
    const before = await committed('order.created.1.0.json');
    const now = structuredClone(before);
    change(now);
    assert.match(breakingChanges(before, now).join('\n'), finding);
  });
}

test('a value that disappears from a list of choices is found, and so is a new one', async () => {
  const before = await committed('payment.processed.1.0.json');
  for (const choices of [
    [{ type: 'string', const: 'succeeded' }],
    [...(member(before, 'status')['anyOf'] as object[]), { type: 'string', const: 'held' }],
  ]) {
    const now = structuredClone(before);
    member(now, 'status')['anyOf'] = choices;
    assert.match(breakingChanges(before, now).join('\n'), /\/status: anyOf was/);
  }
});

test('an optional member, a better description and another order of members are compatible', async () => {
  const before = await committed('order.created.1.0.json');
  const now = structuredClone(before);
  now.properties = { gift_note: { type: 'string', maxLength: 200 }, ...Object.fromEntries(Object.entries(now.properties).reverse()) };
  nested(now, 'metadata').properties['region'] = { type: 'string' };
  now.required = [...now.required].reverse();
  now['description'] = 'Said better.';
  member(now, 'currency')['description'] = 'Said better.';
  assert.deepEqual(breakingChanges(before, now), []);
});
