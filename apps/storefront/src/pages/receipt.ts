/** The receipt of an order for people, on a screen and on paper; the signed one is for programs. */
import { type Html, html } from '@souk/ui';
import { orderPath, signedReceiptPath } from '../addresses.ts';
import type { ReceiptView } from '../buying-views.ts';
import { amountOf, moment } from '../parts/amount.ts';
import { framePage } from '../parts/frame.ts';
import { goodsList } from '../parts/goods.ts';

export function receiptPage(view: ReceiptView): string {
  const { frame, receipt } = view;
  const { tongue, shop_name } = frame;
  const { receipt: words, order: order_words } = tongue.words;
  const { order } = receipt;
  const title = words.title(order.order_number);
  return framePage({
    frame,
    title: `${title} – ${shop_name}`,
    description: title,
    unlisted: true,
    main: html`<h1>${title}</h1>
<p class="quiet"><bdi>${shop_name}</bdi></p>
<dl class="facts"><div><dt>${words.placed}</dt><dd>${moment(frame, order.placed_at)}</dd></div><div><dt>${words.issued}</dt><dd>${moment(frame, receipt.issued_at)}</dd></div></dl>
<section class="panel" aria-labelledby="items"><h2 id="items">${order_words.items}</h2>${goodsList(tongue, order.items, order.currency)}</section>
${money(view)}
<section class="panel" aria-labelledby="pieces"><h2 id="pieces">${words.pieces}</h2><p>${words.stock[receipt.stock.state]} ${receipt.stock.held_at !== null && moment(frame, receipt.stock.held_at)}</p></section>
${checks(view)}
<p class="unprinted"><a class="button plain" href="${orderPath(order.id)}">${words.back}</a> <a href="${signedReceiptPath(order.id)}">${words.json}</a></p>
<p class="quiet unprinted">${words.proof} ${words.print}</p>`,
  });
}

function money({ frame, receipt }: ReceiptView): Html {
  const { tongue } = frame;
  const { receipt: words, sums } = tongue.words;
  const { order, money: paid } = receipt;
  const amount = (value: number): string => amountOf(tongue, value, order.currency);
  const row = (what: string, value: number): Html => html`<div><dt>${what}</dt><dd class="price">${amount(value)}</dd></div>`;
  return html`<section class="panel" aria-labelledby="money"><h2 id="money">${paid.charges.length === 0 ? words.never_charged : words.charged_times(paid.charges.length)}</h2>
<dl class="sums">${row(sums.total, order.total_amount)}${row(words.charged, paid.charged)}${paid.refunded > 0 && row(words.refunded, paid.refunded)}${paid.refund_pending > 0 && row(words.refund_pending, paid.refund_pending)}</dl>
${paid.charges.length + paid.refunds.length > 0 && html`<ul class="list">${paid.charges.map(({ at, amount: sum }) => html`<li>${words.charged}: ${amount(sum)}, <span class="quiet">${moment(frame, at)}</span></li>`)}${paid.refunds.map(({ at, amount: sum }) => html`<li>${words.refunded}: ${amount(sum)}, <span class="quiet">${moment(frame, at)}</span></li>`)}</ul>`}</section>`;
}

/** What the auditor states is in English: it is the statement that was checked. */
function checks({ frame, receipt }: ReceiptView): Html | undefined {
  const { receipt: words } = frame.tongue.words;
  if (receipt.checks.length === 0) return undefined;
  return html`<section class="panel" aria-labelledby="checks"><h2 id="checks">${words.checks}</h2><ul class="checks list">${receipt.checks.map(({ statement, outcome, checked_at }) => html`<li><b>${outcome === 'holds' ? words.holds : words.open}</b> <span lang="en">${statement}</span> <span class="quiet">${moment(frame, checked_at)}</span></li>`)}</ul></section>`;
}
