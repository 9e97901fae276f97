/** The schema of the graph and the contracts say the same of each member: its name, its kind, whether it may be null, its choices. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as contracts from '@souk/contracts';
import { fields, listCategories, listOrders, listProducts } from '@souk/contracts';
import {
  buildSchema,
  type GraphQLEnumType,
  type GraphQLObjectType,
  type GraphQLType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { schemaText } from '../src/use-cases/graphql-schema.ts';

interface Declared {
  type?: string;
  const?: string;
  anyOf?: readonly Declared[];
  properties?: Readonly<Record<string, Declared>>;
  patternProperties?: object;
  required?: readonly string[];
  items?: Declared;
  pattern?: string;
}

const schema = buildSchema(schemaText());
const uuid = (fields.OrderId as Declared).pattern;
const timestamp = (fields.Timestamp as Declared).pattern;

/** Types of the graph by what declares them, with what the graph adds. */
const types: readonly (readonly [string, object, readonly string[]])[] = [
  ['Product', contracts.Product, ['stock']],
  ['Category', (listCategories.responses[200] as Declared).items as object, []],
  ['Availability', contracts.Availability, []],
  ['User', contracts.User, []],
  ['Order', contracts.Order, ['user', 'payments', 'messages']],
  ['OrderItem', contracts.OrderItem, ['product']],
  ['OrderTransition', contracts.OrderTransition, ['order']],
  ['ProductImage', contracts.ProductImage, []],
  ['ImageSource', contracts.ProductImage.properties.sources.items, []],
  ['OrderTotals', contracts.OrderTotalsShown, []],
  ['Discount', contracts.DiscountShown, []],
  ['OrderAction', contracts.OrderAction, []],
  ['WaitingFor', contracts.WaitingFor, []],
  ['Parcel', contracts.Parcel, []],
  ['ParcelItem', fields.ParcelItem, []],
  ['PaymentAction', contracts.PaymentAction, []],
  ['TaxLine', contracts.TaxLine, []],
  ['ShippingChoice', plain(contracts.OrderTotalsShown.properties.shipping_method as Declared), []],
  ['ShippingAddress', fields.ShippingAddress, []],
  ['Payment', contracts.Payment, []],
  ['PaymentDispute', contracts.PaymentDispute, []],
  ['Refund', contracts.Refund, []],
  ['RefundFailure', contracts.RefundFailure, []],
  ['Notification', contracts.Notification, []],
];

/** A member without the null that it may be. */
function plain(member: Declared): Declared {
  const others = member.anyOf?.filter(({ type }) => type !== 'null') ?? [];
  if (member.anyOf === undefined || others.length === member.anyOf.length) return member;
  return others.length === 1 ? (others[0] as Declared) : { anyOf: others };
}

/** What the graph has to call a member. */
function nameOf(member: Declared): string {
  const known = types.find(([, declared]) => declared === member || JSON.stringify(declared) === JSON.stringify(member));
  if (known !== undefined) return known[0];
  const { type, anyOf, patternProperties, items, pattern } = member;
  if (anyOf?.every((choice) => typeof choice.const === 'string')) return `enum ${anyOf.map((choice) => choice.const).join(' ')}`;
  if (items !== undefined) return `[${nameOf(items)}!]`;
  if (patternProperties !== undefined) return 'Attributes';
  if (type === 'string') return pattern === uuid ? 'ID' : pattern === timestamp ? 'Timestamp' : 'String';
  return { integer: 'Int', number: 'Float', boolean: 'Boolean' }[type ?? ''] ?? `nothing for ${JSON.stringify(member).slice(0, 80)}`;
}

function writtenOf(type: GraphQLType): string {
  if (isNonNullType(type)) return `${writtenOf(type.ofType)}!`;
  if (isListType(type)) return `[${writtenOf(type.ofType)}]`;
  return isEnumType(type) ? choicesOf(type) : String(type);
}

function choicesOf(type: GraphQLEnumType): string {
  return `enum ${type
    .getValues()
    .map(({ name }) => name)
    .join(' ')}`;
}

const typeNamed = (name: string): GraphQLObjectType => {
  const type = schema.getType(name);
  assert.ok(isObjectType(type), name);
  return type;
};

for (const [name, declared, added] of types)
  test(`${name} has the members of its contract, as they are there`, () => {
    const { properties = {}, required = [] } = declared as Declared;
    const written = Object.entries(typeNamed(name).getFields()).map(([member, { type }]) => [member, writtenOf(type)] as const);
    const expected = Object.entries(properties).map(([member, part]) => {
      const isNullable = plain(part) !== part || !required.includes(member);
      return [member, `${nameOf(plain(part))}${isNullable ? '' : '!'}`] as const;
    });
    assert.deepEqual(new Map(written.filter(([member]) => !added.includes(member))), new Map(expected));
    assert.deepEqual(
      added.filter((member) => !written.some(([one]) => one === member)),
      [],
    );
  });

test('what is joined may be missing, and every list has a size to be counted with', () => {
  for (const [name, , added] of types)
    for (const member of added) assert.ok(!isNonNullType(typeNamed(name).getFields()[member]?.type), `${name}.${member}`);
  const roots = [schema.getQueryType(), schema.getSubscriptionType()];
  for (const field of roots.flatMap((root) => Object.values(root?.getFields() ?? {}))) assert.ok(!isNonNullType(field.type), field.name);
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__') || type.name.endsWith('Page')) continue;
    for (const { name, type: of, astNode } of Object.values(type.getFields())) {
      const isList = isListType(isNonNullType(of) ? of.ofType : of);
      const sized = astNode?.directives?.some((directive) => directive.name.value === 'listSize') ?? false;
      assert.equal(sized, isList || String(of).endsWith('Page'), `${type.name}.${name}`);
    }
  }
});

test('a list takes what its route takes, but for what the graph leaves out', () => {
  const membersOf = (route: { query: unknown }) =>
    Object.keys((route.query as Declared).properties ?? {}).filter((name) => name !== 'skip' && name !== 'count');
  const argumentsOf = (name: string) =>
    schema
      .getQueryType()
      ?.getFields()
      [name]?.args.map((argument) => argument.name) ?? [];
  assert.deepEqual(argumentsOf('products').sort(), membersOf(listProducts).sort());
  assert.deepEqual(argumentsOf('orders').sort(), membersOf(listOrders).sort());
  const sorts = ((listProducts.query as object as Declared).properties?.['sort']?.anyOf ?? []).map((choice) => choice.const);
  const written = (schema.getType('ProductSort') as GraphQLEnumType)
    .getValues()
    .map(({ name }) => name.replace('price_descending', '-price'));
  assert.deepEqual(written.sort(), sorts.sort());
});
