/** One page, four parts: contact, delivery, payment, check and pay. */
import { fields as schemas } from '@souk/contracts';
import { type Html, html, listCountries } from '@souk/ui';
import { cartLinesPath, cartPath, checkoutPath, returningTo, signInPath } from '../addresses.ts';
import { type CheckoutField, type CheckoutView, checkoutFieldNames } from '../buying-views.ts';
import { amountOf } from '../parts/amount.ts';
import { faultLine, faultSummary, field, fieldLabel, lengthOf } from '../parts/field.ts';
import { framePage } from '../parts/frame.ts';
import { goodsList } from '../parts/goods.ts';
import { noticeIcon } from '../parts/icons.ts';
import { sums } from '../parts/sums.ts';
import type { Words } from '../words/words.ts';

/** What the sandbox of the payment provider can be asked to do. */
export const paymentMethods = [
  'tok_visa',
  'tok_requires_action',
  'tok_slow',
  'tok_timeout',
  'tok_declined',
  'tok_insufficient_funds',
] as const;

const address = schemas.ShippingAddress.properties;
const lengths = { ...address, email: schemas.GivenEmail, full_name: schemas.FullName };
const phoneLengthMax = 40;

export function checkoutPage(view: CheckoutView): string {
  const { frame, notice, faults } = view;
  const { words } = frame.tongue;
  const { checkout } = words;
  return framePage({
    frame,
    title: `${checkout.title} – ${frame.shop_name}`,
    description: checkout.title,
    unlisted: true,
    main: html`<h1>${checkout.title}</h1>
${notice !== undefined && html`<p class="banner" role="alert">${noticeIcon}<span>${checkout.notice[notice]}</span></p>`}
${faultSummary(checkout.faults, listedFaults(view))}
${faults.email === 'guest_other' && html`<form action="${cartLinesPath}" method="post"><input type="hidden" name="change" value="renew"><button class="button plain" type="submit">${checkout.begin_anew}</button></form>`}
<form class="buying" action="${checkoutPath}" method="post">
<div class="parts">
<input type="hidden" name="cart" value="${view.cart_key}">
${quietButton}
${contact(view)}
${delivery(view)}
${payment(view)}
</div>
${check(view)}
</form>
<p><a href="${cartPath}">${checkout.to_cart}</a></p>`,
  });
}

/** Enter in a field presses the first button of a form: this one, which orders nothing. It is for no finger and no reader. */
const quietButton = html`<button class="unseen" type="submit" name="step" value="quote" formnovalidate tabindex="-1" aria-hidden="true"></button>`;

function listedFaults({ faults, frame }: CheckoutView) {
  const { checkout } = frame.tongue.words;
  return checkoutFieldNames.flatMap((name) => {
    const fault = faults[name];
    return fault === undefined ? [] : [{ id: name, label: labelOf(name, checkout), fault: checkout.fault[fault] }];
  });
}

function labelOf(name: CheckoutField, checkout: Words['checkout']): string {
  if (name === 'shipping_method') return checkout.method;
  return name === 'payment_method' ? checkout.payment : checkout[name];
}

interface TextField {
  name: Exclude<CheckoutField, 'shipping_method' | 'payment_method' | 'country'>;
  autocomplete: string;
  required?: boolean;
  type?: 'email' | 'tel';
}

function textField({ frame, fields, faults }: CheckoutView, { name, autocomplete, required = false, type }: TextField): Html {
  const { checkout } = frame.tongue.words;
  const fault = faults[name];
  return field({
    id: name,
    label: checkout[name],
    value: fields[name],
    autocomplete,
    maxlength: lengthOf(lengths[name], phoneLengthMax),
    required,
    ...(type && { type }),
    hint: required ? undefined : checkout.optional,
    fault: fault && checkout.fault[fault],
  });
}

function contact(view: CheckoutView): Html {
  const { frame, customer } = view;
  const { checkout } = frame.tongue.words;
  return html`<fieldset class="panel"><legend>${checkout.contact}</legend>
${
  customer === undefined
    ? html`<p class="quiet">${checkout.as_guest} <a href="${returningTo(signInPath, checkoutPath)}">${checkout.sign_in}</a></p>${textField(view, { name: 'email', autocomplete: 'email', required: true, type: 'email' })}`
    : html`<p><bdi>${checkout.as_customer(customer)}</bdi></p>`
}
${textField(view, { name: 'full_name', autocomplete: 'shipping name', required: true })}
</fieldset>
`;
}

function delivery(view: CheckoutView): Html {
  const { frame, fields, faults, quote } = view;
  const { tongue } = frame;
  const { checkout } = tongue.words;
  const options = quote?.shipping_options ?? [];
  const chosen = options.find(({ code }) => code === fields.shipping_method) ?? options[0];
  return html`<fieldset class="panel"><legend>${checkout.delivery}</legend>
${textField(view, { name: 'street', autocomplete: 'shipping address-line1', required: true })}
${textField(view, { name: 'street2', autocomplete: 'shipping address-line2' })}
<div class="pair">${textField(view, { name: 'postal_code', autocomplete: 'shipping postal-code' })}${textField(view, { name: 'city', autocomplete: 'shipping address-level2', required: true })}</div>
${textField(view, { name: 'state', autocomplete: 'shipping address-level1' })}
<div class="field">${fieldLabel('country', checkout.country)}<select id="country" class="input" name="country" autocomplete="shipping country" required aria-invalid="${faults.country !== undefined && 'true'}" aria-describedby="${faults.country !== undefined && 'country-fault'}"><option value="">${checkout.choose}</option>${listCountries(tongue.locale).map(({ code, name }) => html`<option value="${code}" selected="${code === fields.country}">${name}</option>`)}</select>${faultLine('country', faults.country && checkout.fault[faults.country])}</div>
${textField(view, { name: 'phone', autocomplete: 'shipping tel', type: 'tel' })}
${options.length > 0 && html`<fieldset class="choices" id="shipping_method"><legend>${checkout.method}</legend>${options.map(({ code, name, amount, days_min, days_max }) => choice({ name: 'shipping_method', value: code, checked: code === chosen?.code, label: checkout.method_line(name, amount === 0 ? tongue.words.sums.free : amountOf(tongue, amount, quote?.currency ?? ''), checkout.days(days_min, days_max)) }))}${faultLine('shipping_method', faults.shipping_method && checkout.fault[faults.shipping_method])}</fieldset>`}
${options.length === 0 && faults.shipping_method !== undefined && html`<p class="fault" id="shipping_method">${checkout.fault[faults.shipping_method]}</p>`}
</fieldset>
`;
}

function payment({ frame, fields, faults }: CheckoutView): Html {
  const { checkout } = frame.tongue.words;
  const chosen = paymentMethods.find((method) => method === fields.payment_method) ?? paymentMethods[0];
  return html`<fieldset class="panel choices" id="payment_method"><legend>${checkout.payment}</legend>
<p class="quiet">${checkout.sandbox}</p>
${paymentMethods.map((value) => choice({ name: 'payment_method', value, checked: value === chosen, label: checkout.pay[value] }))}
${faultLine('payment_method', faults.payment_method && checkout.fault[faults.payment_method])}
</fieldset>
`;
}

function choice({ name, value, checked, label }: { name: string; value: string; checked: boolean; label: string }): Html {
  const id = `${name}-${value}`;
  return html`<div class="tick"><input id="${id}" type="radio" name="${name}" value="${value}" checked="${checked}"><label for="${id}" dir="auto">${label}</label></div>
`;
}

function check({ frame, quote, notice, lines }: CheckoutView): Html {
  const { tongue } = frame;
  const { checkout, order, cart } = tongue.words;
  if (quote === undefined) {
    return html`<section class="panel" aria-labelledby="check"><h2 id="check">${checkout.check}</h2>
<ul class="goods list">${lines.map(({ product, quantity }) => html`<li><bdi>${product?.name ?? cart.unknown}</bdi> <span class="quiet">${order.piece_count(quantity)}</span></li>`)}</ul>
<p>${checkout.total_unknown}</p><p><button class="button" type="submit" name="step" value="quote">${checkout.total_first}</button></p></section>`;
  }
  const total = amountOf(tongue, quote.total, quote.currency);
  return html`<section class="panel" aria-labelledby="check"><h2 id="check">${checkout.check}</h2>
${goodsList(tongue, quote.lines, quote.currency)}
${sums(tongue, quote)}
<input type="hidden" name="expected_total" value="${String(quote.total)}"><input type="hidden" name="expected_currency" value="${quote.currency}">
<p class="quiet">${checkout.lead}</p>
<p><button class="button wide" type="submit" name="step" value="pay">${notice === 'total_changed' ? checkout.agree(total) : checkout.order_and_pay(total)}</button></p>
<p><button class="button plain wide" type="submit" name="step" value="quote" formnovalidate>${checkout.total_again}</button></p></section>`;
}
