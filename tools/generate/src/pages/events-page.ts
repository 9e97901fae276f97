import { broadcastPatterns, type EventDefinition, events, subscribersOf } from '@souk/contracts';
import { eventExampleOf, type MemberRow, memberRows } from '@souk/contracts/reference';
import { code, codes, page, table } from '../markdown.ts';

const envelopeMeaning: Readonly<Record<string, string>> = {
  event_type: 'Name of the event; also the routing key.',
  version: 'Form of the event. Within one, only optional members are ever added.',
  metadata: 'Where it comes from and what led to it; members that are not known are left out.',
};

export function eventsPage(): string {
  const all: readonly EventDefinition[] = events;
  return page(
    'Events',
    'Every event that one service publishes for others. An event leaves through the outbox of the transaction that made it true, goes into the exchange `events` with its type as routing key, and waits in the queue of each consumer that is bound to it. Consumers must not rely on the order of arrival: the members named under *ordering* say which of two is newer. Consumers ignore members they do not know and refuse what does not validate.',
    `The committed JSON Schemas are in \`packages/contracts/schemas/\`. Every instance of the gateway also subscribes to ${codes(broadcastPatterns)} as broadcasts, which are not kept.`,
    table(
      ['Event', 'Published by', 'What has happened', 'Consumed by'],
      all.map((event) => [
        `[${event.event_type}](#${anchorOf(event)})`,
        event.owner,
        event.meaning,
        codes(subscribersOf(event.event_type), 'none yet'),
      ]),
    ),
    '## The envelope',
    'Members every event has beside its own.',
    memberTable(envelopeRows(all[0] as EventDefinition)),
    ...all.map(eventSection),
  );
}

function anchorOf({ event_type }: EventDefinition): string {
  return event_type.replaceAll('.', '');
}

function envelopeRows(event: EventDefinition): MemberRow[] {
  const own = Object.keys(event.payload_properties);
  return memberRows(event.schema)
    .filter((row) => !own.includes(row.name.split(/[.[]/)[0] as string))
    .map((row) => {
      const words = row.name === 'event_type' || row.name === 'version' ? 'string' : row.words;
      return { ...row, words, meaning: row.meaning || (envelopeMeaning[row.name] ?? '') };
    });
}

function eventSection(event: EventDefinition): string {
  const own = Object.keys(event.payload_properties);
  const rows = memberRows(event.schema).filter((row) => own.includes(row.name.split(/[.[]/)[0] as string));
  return [
    `## ${event.event_type}`,
    event.meaning,
    [
      `- version ${code(event.version)}, published by **${event.owner}**`,
      `- ordering: ${code(event.ordering)}`,
      `- consumed by: ${codes(subscribersOf(event.event_type), 'none yet')}`,
    ].join('\n'),
    memberTable(rows),
    `\`\`\`json\n${JSON.stringify(eventExampleOf(event), null, 2)}\n\`\`\``,
  ].join('\n\n');
}

function memberTable(rows: readonly MemberRow[]): string {
  return table(
    ['Member', 'Type', 'Meaning'],
    rows.map((row) => [code(row.name), `${row.words}${row.required ? '' : ', optional'}`, row.meaning]),
  );
}
