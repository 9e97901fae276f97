/** How an order travels: its parcels, and what comes back. */
import { type Html, html, isAddress } from '@souk/ui';
import { orderReturnPath } from '../addresses.ts';
import type { OrderView, ShownReturn } from '../buying-views.ts';
import { returnableLines } from '../returnable.ts';
import type { FrameView } from '../views.ts';
import { amountOf, moment } from './amount.ts';

type Parcel = NonNullable<OrderView['order']['parcels']>[number];

export function parcelList({ frame, order: { parcels = [], delivery } }: Pick<OrderView, 'frame' | 'order'>): Html | undefined {
  const { parcels: words } = frame.tongue.words;
  if (parcels.length === 0) return undefined;
  return html`<ul class="parcels list">${parcels.map((parcel) => html`<li>${parcelLines(frame, parcel)}</li>`)}</ul>${delivery === 'partial' && html`<p class="quiet">${words.partial}</p>`}`;
}

function parcelLines(frame: FrameView, { number, items, carrier, tracking_number, tracking_url, sent_at, delivered_at }: Parcel): Html {
  const { parcels: words } = frame.tongue.words;
  const times = [
    ...(sent_at === undefined ? [] : [html`${words.sent} ${moment(frame, sent_at)}`]),
    ...(delivered_at === null ? [] : [html`${words.delivered} ${moment(frame, delivered_at)}`]),
  ];
  return html`<h3>${words.title(number)} <span class="state ${delivered_at === null ? 'shipped' : 'completed'}">${delivered_at === null ? words.on_its_way : words.delivered}</span></h3>
<p dir="auto">${words.with(carrier, tracking_number)}</p>${tracking_url !== null && isAddress(tracking_url) && html`<p><a href="${tracking_url}" rel="noreferrer">${words.follow}</a></p>`}
${piecesOf(frame, items)}${times.map((time) => html`<p class="quiet">${time}</p>`)}`;
}

/** What was announced to come back, and the way to announce more. */
export function returnsPanel({ frame, order, returns }: OrderView): Html | undefined {
  const { returns: words } = frame.tongue.words;
  const can_return = returns !== undefined && returnableLines(order, returns).length > 0;
  if (!can_return && returns?.length === 0) return undefined;
  if (returns === undefined && (order.parcels ?? []).length === 0) return undefined;
  return html`<section class="panel" aria-labelledby="returns"><h2 id="returns">${words.heading}</h2>
${returns === undefined ? html`<p class="quiet">${words.away}</p>` : html`<ul class="parcels list">${returns.map((one) => html`<li>${returnLines(frame, one)}</li>`)}</ul>`}
${can_return && html`<p><a class="button plain" href="${orderReturnPath(order.id)}">${words.begin}</a></p>`}</section>`;
}

function returnLines(frame: FrameView, { number, state, items, refund, currency, created_at }: ShownReturn): Html {
  const { tongue } = frame;
  const { returns: words, order } = tongue.words;
  return html`<h3>${words.title(number)}</h3><p><span class="state ${state === 'refunded' ? 'completed' : 'shipped'}">${words.state[state]}</span></p>
${piecesOf(frame, items)}<p class="quiet">${moment(frame, created_at)}</p>${refund !== null && html`<p>${order.refunded}: <span class="price">${amountOf(tongue, refund.amount, currency)}</span></p>`}`;
}

function piecesOf({ tongue }: FrameView, items: readonly { name: string; quantity: number }[]): Html {
  const { order } = tongue.words;
  return html`<ul class="pieces">${items.map(({ name, quantity }) => html`<li><bdi>${name}</bdi> <span class="quiet">${order.piece_count(quantity)}</span></li>`)}</ul>`;
}
