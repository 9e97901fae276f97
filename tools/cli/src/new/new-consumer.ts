/** A consumer: its queue in the topology, its file, and the use case it calls. */
import { type EventDefinition, eventDefinition, queues, refusal } from '@souk/contracts';
import { addDependency, addImport, camel, edit, needFree, needService, type Plan, pascal, serviceAndWords } from './plan.ts';
import type { Sources } from './sources.ts';

interface ConsumerOptions {
  sources: Sources;
  event?: readonly string[] | undefined;
}

export async function newConsumer(name: string, { sources, event = [] }: ConsumerOptions): Promise<Plan> {
  const { service, words } = serviceAndWords(name, 'consumer', 'reviews.track-products');
  await needService(sources, service);
  const definitions = consumed(service, event);
  const consumer = `services/${service}/src/consumers/${words}.ts`;
  const useCase = `services/${service}/src/use-cases/${words}.ts`;
  if (Object.hasOwn(queues, name)) throw refusal('validation_failed', `The queue ${name} exists already.`);
  await needFree(sources, [consumer, useCase]);
  const types = definitions.map(({ event_type }) => `'${event_type}'`).join(', ');
  const topology = 'packages/contracts/src/topology.ts';
  await edit(
    sources,
    topology,
    /\n\} as const satisfies Record<string, readonly EventType\[\]>/,
    (match) => `\n  '${name}': [${types}],${match}`,
  );
  sources.write(consumer, consumerOf(service, words, definitions));
  sources.write(useCase, useCaseOf(service, words));
  const built = `services/${service}/src/service.ts`;
  await addImport(sources, built, `import { ${camel(words)}Consumer } from './consumers/${words}.ts';`);
  await edit(sources, built, /\bconsumers: \[/, (match) => `${match}${camel(words)}Consumer, `);
  for (const dependency of ['contracts', 'messaging', 'postgres'])
    await addDependency(sources, `services/${service}/package.json`, `@souk/${dependency}`);
  return {
    next: [
      `${useCase}: one set-based load, one pure decision for each event, one set-based save`,
      `services/${service}/test: run it through consumerConformance of @souk/messaging/testing`,
      `services/${service}/README.md: the line "consumes"`,
      'npm run generate; npm run check',
    ],
  };
}

/** Throws `validation_failed` for none, a repeated or unknown one, and one that the service publishes itself. */
function consumed(service: string, event_types: readonly string[]): EventDefinition[] {
  if (event_types.length === 0) throw refusal('validation_failed', 'Name what it consumes: --event order.created, once for each');
  if (new Set(event_types).size < event_types.length) throw refusal('validation_failed', 'An --event is named twice.');
  return event_types.map((event_type) => {
    const definition = eventDefinition(event_type);
    if (!definition) throw refusal('validation_failed', `There is no event ${JSON.stringify(event_type)}; see docs/reference/events.md`);
    if (definition.owner === service)
      throw refusal('validation_failed', `${service} publishes ${event_type} itself; what it needs of it belongs into the use case.`);
    return definition;
  });
}

function consumerOf(service: string, words: string, definitions: readonly EventDefinition[]): string {
  const names = definitions.map(({ event_type }) => camel(event_type)).join(', ');
  return `import { ${names} } from '@souk/contracts';
import { defineConsumer } from '@souk/messaging';
import type { ${pascal(service)}Context } from '../context.ts';
import { ${camel(words)} } from '../use-cases/${words}.ts';

/** The inbox drops repeats; where a unique key of the service makes them harmless, 'business_key' saves its rows. */
export const ${camel(words)}Consumer = defineConsumer({
  queue: '${service}.${words}',
  events: [${names}],
  deduplicate: 'inbox',
  handle: (ctx: ${pascal(service)}Context, tx, events) => ${camel(words)}(ctx, tx, events),
});
`;
}

function useCaseOf(service: string, words: string): string {
  return `import type { Envelope } from '@souk/contracts';
import type { Tx } from '@souk/postgres';
import type { ${pascal(service)}Context } from '../context.ts';

/** Everything about a batch happens in this transaction; what follows the commit goes into \`tx.onCommit\`. */
export async function ${camel(words)}({ log }: ${pascal(service)}Context, tx: Tx, events: readonly Envelope[]): Promise<void> {
  tx.onCommit(() => log.debug({ event_ids: events.map(({ event_id }) => event_id) }, '${words.replaceAll('-', ' ')}'));
}
`;
}
