/** An event: its declaration with the id of its entity, and its place in the catalogue. */
import { eventDefinition, refusal } from '@souk/contracts';
import { addImport, camel, edit, needFree, needService, type Plan, pascal } from './plan.ts';
import type { Sources } from './sources.ts';

interface EventOptions {
  sources: Sources;
  owner?: string | undefined;
}

const lengthMax = 60;
const fieldsPath = 'packages/contracts/src/fields.ts';
const index = 'packages/contracts/src/events/index.ts';

export async function newEvent(name: string, { sources, owner }: EventOptions): Promise<Plan> {
  const [, entity, participle] = /^([a-z]+)\.([a-z]+(?:_[a-z]+)*)$/.exec(name) ?? [];
  if (entity === undefined || participle === undefined || name.length > lengthMax || !/(?:ed|en|sent|paid|sold)$/.test(participle))
    throw refusal('validation_failed', `${JSON.stringify(name)} is no name of an event: write NOUN.PARTICIPLE, such as review.created`);
  if (owner === undefined) throw refusal('validation_failed', 'Name the service that publishes it: --owner reviews');
  await needService(sources, owner);
  if (eventDefinition(name)) throw refusal('validation_failed', `The event ${name} exists already.`);
  const file = `${entity}-${participle.replaceAll('_', '-')}`;
  const path = `packages/contracts/src/events/${file}.ts`;
  await needFree(sources, [path]);
  await needEntityId(sources, entity);
  sources.write(path, declarationOf({ name, entity, participle, owner, variable: camel(name) }));
  await addImport(sources, index, `import { ${camel(name)} } from './${file}.ts';`);
  await edit(sources, index, /\n\};\n\nexport const events/, (match) => `\n  ${camel(name)},${match}`);
  await edit(sources, index, /\n\] as const;/, (match) => `\n  ${camel(name)},${match}`);
  return {
    next: [
      `${path}: its meaning and its payload`,
      `services/${owner}: the use case that makes it true appends it in the same transaction: ctx.outbox.append(tx, [draft(${camel(name)}, …)])`,
      `souk new consumer SERVICE.VERB-NOUN --event ${name}, in another service; an event without one fails contracts/test/catalogue`,
      'npm run generate; npm run check',
    ],
  };
}

/** The glossary has the id of each entity; that of a new one is added. */
async function needEntityId(sources: Sources, entity: string): Promise<void> {
  const name = `${pascal(entity)}Id`;
  if ((await sources.read(fieldsPath)).includes(`export const ${name} =`)) return;
  const line = `export const ${name} = id('The ${entity} that is meant.');`;
  await edit(sources, fieldsPath, /^export const EventId = /m, (match) => `${line}\n${match}`);
}

interface Declared {
  name: string;
  entity: string;
  participle: string;
  owner: string;
  variable: string;
}

function declarationOf({ name, entity, participle, owner, variable }: Declared): string {
  const article = /^[aeiou]/.test(entity) ? 'An' : 'A';
  return `import { defineEvent } from '../define-event.ts';
import { ${pascal(entity)}Id } from '../fields.ts';

export const ${variable} = defineEvent({
  event_type: '${name}',
  version: '1.0',
  owner: '${owner}',
  meaning: '${article} ${entity} was ${participle.replaceAll('_', ' ')}.',
  ordering: '${entity}_id',
  payload: {
    ${entity}_id: ${pascal(entity)}Id,
  },
});
`;
}
