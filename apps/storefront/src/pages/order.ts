/** An order: what has happened, each with its time; what it waits for and what that means; and what can be done. */
import { formatCountry, type Html, html, isAddress } from '@souk/ui';
import { cartLinesPath, orderCancelPath, orderEventsPath, receiptPath } from '../addresses.ts';
import type { OrderView, SumsView } from '../buying-views.ts';
import { orderSteps } from '../order-steps.ts';
import { amountOf, moment, momentText } from '../parts/amount.ts';
import { framePage } from '../parts/frame.ts';
import { goodsList } from '../parts/goods.ts';
import { doneIcon, noticeIcon } from '../parts/icons.ts';
import { parcelList, returnsPanel } from '../parts/sending.ts';
import { sums } from '../parts/sums.ts';

/** Whether the shop is still working on it, so that a page of it is soon another. */
export function isWaiting({ status }: Pick<OrderView['order'], 'status'>): boolean {
  return status === 'pending' || status === 'awaiting_payment';
}

/** Whether something may still happen to it that its customer can follow; the holder of a link cannot. */
function canChange({ order: { status }, opened_by }: OrderView): boolean {
  return opened_by === 'session' && status !== 'cancelled' && status !== 'completed';
}

export function orderPage(view: OrderView): string {
  const { frame, order, notice } = view;
  const { words } = frame.tongue;
  const title = isWaiting(order) ? words.order.is_safe(order.order_number) : words.order.title(order.order_number);
  return framePage({
    frame,
    title: `${words.order.title(order.order_number)} – ${frame.shop_name}`,
    description: title,
    unlisted: true,
    main: html`${notice !== undefined && html`<p class="banner ${notice === 'placed' ? 'ok' : ''}" role="status">${notice === 'placed' ? doneIcon : noticeIcon}<span>${words.order.notice[notice]}</span></p>`}
<div class="heading" aria-live="polite"><h1>${title}</h1><p class="state ${order.status}">${words.order.status[order.status]}</p></div>
<div class="buying" data-order-events="${canChange(view) && orderEventsPath(order.id)}">
<div class="parts">
${waiting(view)}
${story(view)}
${items(view)}
${returnsPanel(view)}
</div>
<div class="parts">
${totals(view)}
${destination(view)}
${commands(view)}
</div>
</div>`,
  });
}

/** Why nothing more happens at the moment, or no more at all. */
function waiting({ frame, order, action, late }: OrderView): Html | undefined {
  const { order: words } = frame.tongue.words;
  if (order.status === 'cancelled')
    return html`<section class="panel" aria-labelledby="why"><h2 id="why">${words.status.cancelled}</h2><p>${order.cancel_reason !== null && words.reason[order.cancel_reason]}</p></section>`;
  if (!isWaiting(order)) return undefined;
  const isStock = order.status === 'pending';
  const why = isStock ? (late ? words.waits_stock_late : words.waits_stock) : late ? words.waits_payment_late : words.waits_payment;
  return html`<section class="panel" aria-labelledby="waits"><h2 id="waits">${words.waits}</h2>
${
  action === undefined
    ? html`<p>${why}</p>`
    : html`<p>${words.waits_action(momentText(frame, action.until))}</p>${isAddress(action.url) && html`<p><a class="button" href="${action.url}">${words.act}</a></p>`}`
}
<p class="quiet">${words.leave}</p></section>`;
}

function story({ frame, order, history }: OrderView): Html {
  const { order: words } = frame.tongue.words;
  const steps = orderSteps(order, history ?? []);
  return html`<section class="panel" aria-labelledby="story"><h2 id="story">${words.story}</h2>
<ol class="steps list">${steps.map(({ name, at, state }) => html`<li class="${state}"><b>${words.step[name]}</b> <span class="quiet">${at === undefined ? state === 'open' && words.not_yet : moment(frame, at)}</span></li>`)}</ol>
${history === undefined && html`<p class="quiet">${words.history_away}</p>`}</section>`;
}

function items({ frame: { tongue }, order }: OrderView): Html {
  return html`<section class="panel" aria-labelledby="items"><h2 id="items">${tongue.words.order.items}</h2>${goodsList(tongue, order.items, order.currency)}</section>`;
}

function totals({ frame: { tongue }, order, money }: OrderView): Html {
  const { words } = tongue;
  const { currency, total_amount: total } = order;
  const plain = { items_total: total, shipping_total: 0, tax_total: 0, tax_included: true, tax_lines: [] };
  const view: SumsView = { ...(order.totals ?? plain), total, currency };
  const amount = (value: number): string => amountOf(tongue, value, currency);
  return html`<section class="panel" aria-labelledby="sums"><h2 id="sums">${words.sums.heading}</h2>${sums(tongue, view)}
${money !== undefined && html`<dl class="sums">${money.captured > 0 && html`<div><dt>${words.order.captured}</dt><dd class="price">${amount(money.captured)}</dd></div>`}${money.refunded > 0 && html`<div><dt>${words.order.refunded}</dt><dd class="price">${amount(money.refunded)}</dd></div>`}</dl>`}</section>`;
}

function destination({ frame, order, opened_by }: OrderView): Html | undefined {
  const { tongue } = frame;
  const { order: words } = tongue.words;
  const to = order.shipping_address ?? undefined;
  const parcels = parcelList({ frame, order });
  const lines = to
    ? [
        to.full_name,
        to.street,
        to.street2,
        [to.postal_code, to.city].filter(Boolean).join(' '),
        to.state,
        formatCountry(tongue.locale, to.country),
      ]
    : order.town
      ? [order.town.city, formatCountry(tongue.locale, order.town.country)]
      : [];
  if (lines.length === 0 && parcels === undefined) return undefined;
  return html`<section class="panel" aria-labelledby="delivery"><h2 id="delivery">${words.delivery}</h2>
<p class="address" dir="auto">${lines.filter((line) => line !== undefined && line !== '').join('\n')}</p>${parcels}
${opened_by === 'link' && html`<p class="quiet">${words.link_only}</p>`}</section>`;
}

const cancellable: readonly string[] = ['pending', 'awaiting_payment', 'confirmed'];

function commands({ frame: { tongue }, order, opened_by }: OrderView): Html {
  const { order: words } = tongue.words;
  return html`<section class="panel commands" aria-label="${words.title(order.order_number)}">
${opened_by === 'session' && html`<p><a class="button plain" href="${receiptPath(order.id)}">${words.receipt}</a></p>`}
${order.status === 'cancelled' && html`<form action="${cartLinesPath}" method="post"><input type="hidden" name="change" value="again"><input type="hidden" name="lines" value="${order.items.map(({ product_id, quantity }) => `${product_id}:${quantity}`).join(' ')}"><button class="button" type="submit">${words.again}</button></form>`}
${cancellable.includes(order.status) && html`<form action="${orderCancelPath(order.id)}" method="post"><p class="quiet">${words.cancel_why}</p><button class="button plain" type="submit">${words.cancel}</button></form>`}
</section>`;
}
