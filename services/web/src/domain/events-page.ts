import { broadcastPatterns, type EventDefinition, events, subscribersOf } from '@souk/contracts';
import { eventExampleOf, memberRows } from '@souk/contracts/reference';
import { type Html, html } from '@souk/ui';
import { codedWords } from './coded-words.ts';
import type { Page } from './page-frame.ts';

export function eventsPage(): Page {
  const all: readonly EventDefinition[] = events;
  return {
    title: 'Events',
    path: '/docs/events',
    description: 'What the services publish for each other.',
    searched: true,
    main: html`<p>What the services publish for each other, through the exchange <code>events</code> with the type as routing key. Each consumer has a queue of its own and handles an event once, however often it is delivered. The order of arrival means nothing: the members under <em>ordering</em> say which of two is newer. Unknown members are ignored. For programs: <a href="/asyncapi.json">/asyncapi.json</a>.</p>
<p>Gateways also subscribe to ${broadcastPatterns.map((pattern, index) => html`${index > 0 && ', '}<code>${pattern}</code>`)} as broadcasts, which are not kept.</p>
<ul class="contents">${all.map(({ event_type, meaning }) => html`<li><a href="#${event_type}"><code>${event_type}</code></a> ${meaning}</li>`)}</ul>
<section id="envelope"><h2>Members of every event</h2>${table(all[0] as EventDefinition, false)}</section>
${all.map(eventSection)}`,
  };
}

function eventSection(event: EventDefinition): Html {
  const { event_type, version, owner, meaning, ordering } = event;
  const queues = subscribersOf(event_type);
  return html`<section class="route" id="${event_type}">
<h2><a href="#${event_type}"><code>${event_type}</code></a></h2>
<p>${meaning}</p>
<ul class="traits"><li>version ${version}</li><li>published by ${owner}</li><li>ordering: ${ordering}</li></ul>
<p>${queues.length === 0 ? 'No queue is bound to it yet.' : html`Consumed by ${queues.map((queue, index) => html`${index > 0 && ', '}<code>${queue}</code>`)}.`}</p>
${table(event, true)}
<pre role="group" tabindex="0" aria-label="An example of ${event_type}"><code>${JSON.stringify(ownExample(event), null, 1)}</code></pre>
</section>
`;
}

/** The example without its envelope, which is the same for all. */
function ownExample(event: EventDefinition): object {
  const example = eventExampleOf(event);
  return Object.fromEntries(Object.keys(event.payload_properties).map((member) => [member, example[member]]));
}

/** The members of the payload, or those of the envelope. */
function table(event: EventDefinition, of_payload: boolean): Html {
  const own = Object.keys(event.payload_properties);
  const rows = memberRows(event.schema).filter(({ name }) => own.includes(name.split(/[.[]/)[0] ?? '') === of_payload);
  return html`<div class="wide" role="group" aria-label="Members" tabindex="0"><table><thead><tr><th scope="col">Member</th><th scope="col">Type</th><th scope="col">Meaning</th></tr></thead><tbody>${rows.map(
    (row) =>
      html`<tr><th scope="row"><code>${row.name}</code>${row.required ? '' : html` <span class="soft">optional</span>`}</th><td>${codedWords(of_payload || !isFixed(row.name) ? row.words : 'string')}</td><td>${codedWords(row.meaning)}</td></tr>`,
  )}</tbody></table></div>`;
}

function isFixed(member: string): boolean {
  return member === 'event_type' || member === 'version';
}
