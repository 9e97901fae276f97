/** Where a customer says what of an order comes back. */
import { RequestReturn } from '@souk/contracts';
import { type Html, html } from '@souk/ui';
import { orderPath, orderReturnPath } from '../addresses.ts';
import type { ReturnView } from '../buying-views.ts';
import { lengthOf } from '../parts/field.ts';
import { framePage } from '../parts/frame.ts';
import { noticeIcon } from '../parts/icons.ts';
import { type ReturnableLine, returnableLines } from '../returnable.ts';

const reasonLengthMax = 500;

export function returnPage(view: ReturnView): string {
  const { frame, order, returns, form_key, notice } = view;
  const { returns: words } = frame.tongue.words;
  const lines = returnableLines(order, returns);
  const title = words.page(order.order_number);
  return framePage({
    frame,
    title: `${title} – ${frame.shop_name}`,
    description: title,
    unlisted: true,
    main: html`<h1>${title}</h1>
${notice !== undefined && html`<p class="banner" role="alert">${noticeIcon}<span>${words.notice[notice]}</span></p>`}
${
  lines.length === 0
    ? html`<p>${words.nothing_left}</p>`
    : html`<p>${words.lead}</p>
<form class="panel form" action="${orderReturnPath(order.id)}" method="post"><input type="hidden" name="key" value="${form_key}">
${lines.map((line, index) => lineFields(view, line, index))}
<p><button class="button" type="submit">${words.send}</button></p></form>`
}
<p><a href="${orderPath(order.id)}">${words.to_order}</a></p>`,
  });
}

function lineFields({ frame, typed }: ReturnView, { product_id, name, pieces }: ReturnableLine, index: number): Html {
  const { returns: words, cart } = frame.tongue.words;
  const [quantity, reason] = [`quantity-${index + 1}`, `reason-${index + 1}`];
  const before = typed.get(product_id);
  return html`<fieldset class="coming"><legend dir="auto">${name}</legend><input type="hidden" name="product-${index + 1}" value="${product_id}">
<div class="pair"><div class="field"><label for="${quantity}">${cart.quantity} <span class="quiet">${words.most(pieces)}</span></label><input id="${quantity}" class="input" type="number" name="${quantity}" value="${before?.quantity ?? '0'}" min="0" max="${pieces}" step="1" inputmode="numeric" autocomplete="off"></div>
<div class="field"><label for="${reason}">${words.reason} <span class="quiet">${words.reason_hint}</span></label><input id="${reason}" class="input" type="text" name="${reason}" value="${before?.reason ?? ''}" maxlength="${lengthOf(RequestReturn.properties.items.items.properties.reason, reasonLengthMax)}" autocomplete="off" dir="auto"></div></div></fieldset>
`;
}
