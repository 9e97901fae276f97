/** Amounts and moments as pages write them. */
import { formatMoment, formatMoney, type Html, html } from '@souk/ui';
import type { FrameView } from '../views.ts';
import type { Tongue } from '../words/languages.ts';

/** The wire carries exact decimals; the shortest text of the number is the one that was sent. */
export function amountOf({ locale }: Tongue, amount: number, currency: string): string {
  return formatMoney(locale, currency, String(amount));
}

const universal = 'UTC';

export function momentText({ tongue, time_zone }: Pick<FrameView, 'tongue' | 'time_zone'>, at: string): string {
  const text = formatMoment(tongue.locale, time_zone, at);
  // A shop that has named no time zone of its own says which one this is.
  return time_zone === universal ? `${text} ${universal}` : text;
}

export function moment(frame: Pick<FrameView, 'tongue' | 'time_zone'>, at: string): Html {
  return html`<time datetime="${at}">${momentText(frame, at)}</time>`;
}
