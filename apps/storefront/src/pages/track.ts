/** Where a guest finds an order again. What it answers never says whether there is such an order. */
import { fields as schemas } from '@souk/contracts';
import { html } from '@souk/ui';
import { trackPath } from '../addresses.ts';
import type { TrackView } from '../buying-views.ts';
import { faultSummary, field, lengthOf } from '../parts/field.ts';
import { framePage } from '../parts/frame.ts';
import { doneIcon, noticeIcon } from '../parts/icons.ts';

const numberLengthMax = 30;

export function trackPage({ frame, fields, faults, sent, notice }: TrackView): string {
  const { track, checkout } = frame.tongue.words;
  const number_fault = faults.order_number && checkout.fault[faults.order_number];
  const email_fault = faults.email && checkout.fault[faults.email];
  const listed = [
    ...(number_fault === undefined ? [] : [{ id: 'order_number', label: track.number, fault: number_fault }]),
    ...(email_fault === undefined ? [] : [{ id: 'email', label: checkout.email, fault: email_fault }]),
  ];
  return framePage({
    frame,
    title: `${track.title} – ${frame.shop_name}`,
    description: track.title,
    unlisted: true,
    main: html`<h1>${track.title}</h1>
${sent && html`<p class="banner ok" role="status">${doneIcon}<span>${track.sent}</span></p>`}
${notice !== undefined && html`<p class="banner" role="alert">${noticeIcon}<span>${track[notice]}</span></p>`}
${faultSummary(checkout.faults, listed)}
<p>${track.lead}</p>
<form class="panel narrow" action="${trackPath}" method="post">
${field({ id: 'order_number', label: track.number, value: fields.order_number, autocomplete: 'off', maxlength: numberLengthMax, required: true, hint: track.number_hint, fault: number_fault })}
${field({ id: 'email', label: checkout.email, value: fields.email, type: 'email', autocomplete: 'email', maxlength: lengthOf(schemas.GivenEmail, numberLengthMax), required: true, fault: email_fault })}
<p><button class="button" type="submit">${track.send}</button></p>
</form>`,
  });
}
