/** The published schema, with the functions that answer it. */
import { readFileSync } from 'node:fs';
import { assert } from '@souk/kernel';
import { buildSchema, type GraphQLFieldResolver, type GraphQLSchema, isObjectType } from 'graphql';
import { resolvers } from './resolvers.ts';

/** The text of the schema, as clients read it. */
export function schemaText(): string {
  return readFileSync(new URL('../../templates/schema.graphql', import.meta.url), 'utf8');
}

export function createSchema(): GraphQLSchema {
  const schema = buildSchema(schemaText(), { noLocation: true });
  const subscriptions = schema.getSubscriptionType()?.name;
  for (const [name, fields] of resolvers) {
    const type = schema.getType(name);
    for (const [field, resolve] of Object.entries(fields)) {
      const declared = isObjectType(type) ? type.getFields()[field] : undefined;
      assert(declared !== undefined, `the schema has no field ${name}.${field}`);
      declared[name === subscriptions ? 'subscribe' : 'resolve'] = resolve as GraphQLFieldResolver<unknown, unknown>;
    }
  }
  return schema;
}
