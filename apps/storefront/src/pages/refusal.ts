import { html, isAddress } from '@souk/ui';
import { homePath } from '../addresses.ts';
import { framePage } from '../parts/frame.ts';
import type { RefusalKind, RefusalView } from '../views.ts';

/** Why a page is not shown, and what to do. */
export function refusalPage({ frame, kind }: RefusalView): string {
  const { words } = frame.tongue;
  const title = words.refusal[kind];
  const why = words.refusal[reasons[kind]];
  // The address as it was typed may be none that a page could name.
  const again = (kind === 'away' || kind === 'too_many') && isAddress(frame.canonical) && frame.canonical;
  return framePage({
    // That part of it is away is what the page says already.
    frame: { ...frame, categories: frame.categories ?? [] },
    title: `${title} – ${frame.shop_name}`,
    description: title,
    unlisted: true,
    main: html`<div class="empty refusal"><h1>${title}</h1><p>${why}</p><p>${again && html`<a class="button" href="${again}">${words.refusal.again}</a> `}<a class="button plain" href="${homePath}">${words.refusal.start}</a></p></div>`,
  });
}

const reasons = {
  not_found: 'not_found_why',
  away: 'away_why',
  too_many: 'too_many_why',
  invalid: 'invalid_why',
} as const satisfies Record<RefusalKind, string>;
