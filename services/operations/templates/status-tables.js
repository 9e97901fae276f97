/** Queues, dead letters, orders by state, and missing data. */
import { element, icon } from './status-elements.js';
import { commandLine } from './status-view.js';
import { checkoutWord, lasting, nothing, number, plural, shorter, since } from './status-words.js';

/** Older than this is worth a mark. */
const oldQueueS = 60;

export function queuesPart({ queues, broker }) {
  const rows = queues.map(({ queue, ready, unsettled, oldest_age_s, attached, dead }) =>
    element(
      'tr',
      { 'data-key': queue },
      element('th', { scope: 'row' }, queue),
      element('td', {}, number(ready)),
      element('td', {}, number(unsettled)),
      marked(oldest_age_s > oldQueueS, oldest_age_s === null ? nothing : lasting(oldest_age_s * 1_000), ready === 0 || ready === null),
      marked(attached === 0 && broker.connected > 0, attached === 0 ? 'none' : number(attached)),
      marked(dead > 0, number(dead)),
    ),
  );
  const note =
    broker.connected === 0 ? 'as long as the broker is away, nothing is known of what waits in it' : plural(queues.length, 'queue');
  return part('queues', 'Queues', note, table('Queues', ['Queue', 'Ready', 'In hand', 'Oldest', 'Consumers', 'Dead letters'], rows));
}

/** A cell that stands out by a mark and its weight, not by colour alone. */
function marked(isOff, words, isEmpty = false) {
  if (isEmpty) return element('td', {}, nothing);
  return isOff ? element('td', { class: 'off degraded' }, icon('degraded'), ` ${words}`) : element('td', {}, words);
}

export function deadLettersPart({ dead_letters }, now_ms) {
  if (dead_letters.length === 0) return part('dead-letters', 'Dead letters', 'none', null);
  const cards = dead_letters.map(({ queue, count, oldest_at, reasons, command }) =>
    element(
      'li',
      { 'data-key': queue },
      element('p', {}, element('b', {}, `${plural(count, 'message')} of ${queue}`), `, the oldest ${since(oldest_at, now_ms)}`),
      element('p', { class: 'soft' }, `Reason: ${reasons.join(', ')}. Replay with dead replay, delete them with dead discard.`),
      commandLine(command),
    ),
  );
  return part('dead-letters', 'Dead letters', plural(dead_letters.length, 'queue'), element('ul', { class: 'card' }, cards));
}

export function checkoutsPart({ checkouts }, now_ms) {
  if (checkouts === null) return part('checkouts', 'Orders', 'nothing is known: the orders service does not answer', null);
  const rows = checkouts.map(({ status, count, counted_max, oldest_at }) =>
    element(
      'tr',
      { 'data-key': status },
      element('th', { scope: 'row' }, checkoutWord(status)),
      element('td', {}, count >= counted_max ? `${number(counted_max)} or more` : number(count)),
      element('td', {}, oldest_at === null ? nothing : lasting(now_ms - Date.parse(oldest_at))),
    ),
  );
  return part('checkouts', 'Orders', 'by state', table('Orders by state', ['State', 'Orders', 'Longest wait'], rows));
}

/** What several instances lack for one reason is one line. */
export function missingPart({ missing }) {
  if (missing.length === 0) return null;
  const same = Map.groupBy(missing, ({ part: what, reason }) => `${what} (${reason})`);
  const lines = [...same].map(([what, of]) =>
    element('li', {}, element('b', {}, what), ` of ${of.map(({ instance_id }) => shorter(instance_id)).join(', ')}`),
  );
  return part('missing', 'Missing data', 'these parts did not answer in time', element('ul', { class: 'card' }, lines));
}

function part(key, title, note, content) {
  return element(
    'section',
    { class: 'part', 'data-key': key, 'aria-labelledby': `${key}-title` },
    element('h2', { id: `${key}-title` }, `${title} `, element('span', { class: 'soft' }, note)),
    content,
  );
}

/** Tables scroll in a frame of their own where they do not fit, by keyboard too; on a phone each row becomes a card. */
function table(caption, heads, rows) {
  // Where a row is a card, each cell names its column.
  for (const row of rows) for (const [index, cell] of [...row.children].entries()) cell.dataset.column = heads[index];
  return element(
    'div',
    { class: 'card scroll', tabindex: '0', role: 'region', 'aria-label': `Table: ${caption}` },
    element(
      'table',
      {},
      element('caption', { class: 'unseen' }, caption),
      element(
        'thead',
        {},
        element(
          'tr',
          {},
          heads.map((head) => element('th', { scope: 'col' }, head)),
        ),
      ),
      element('tbody', {}, rows),
    ),
  );
}
