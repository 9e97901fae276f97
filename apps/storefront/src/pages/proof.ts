/** What the shop promises, whether its books balance, and how to see for oneself. */
import { formatCount, formatMoment, type Html, html } from '@souk/ui';
import { proofPath } from '../addresses.ts';
import { breadcrumbs, framePage } from '../parts/frame.ts';
import { booksIcon, noticeIcon, piecesIcon, shieldIcon } from '../parts/icons.ts';
import type { ProofView } from '../views.ts';

/** Checks a receipt with the shop's public keys, and nothing else of the shop. */
const checkCommand = 'npm run souk -- verify-receipt receipt.json';

export function proofPage(view: ProofView): string {
  const { tongue, shop_name } = view.frame;
  const { proof, home } = tongue.words;
  const promises = [
    [piecesIcon, home.sold_once, proof.sold_once_how],
    [shieldIcon, home.charged_once, proof.charged_once_how],
    [booksIcon, proof.never_lost, proof.never_lost_how],
  ] as const;
  return framePage({
    frame: view.frame,
    title: `${proof.title} – ${shop_name}`,
    description: proof.lead,
    main: html`${breadcrumbs(tongue, [{ path: proofPath, name: proof.crumb }])}
<div class="heading"><h1>${proof.title}</h1></div>
<p>${proof.lead}</p>
${verdict(view)}
<section aria-labelledby="promises"><h2 id="promises">${proof.promises}</h2><ul class="promises list">${promises.map(([icon, what, how]) => html`<li class="panel">${icon}<div><h3>${what}</h3><p class="quiet">${how}</p></div></li>`)}</ul></section>
<section aria-labelledby="receipt"><h2 id="receipt">${proof.receipt}</h2><p>${proof.receipt_how}</p><pre class="code" tabindex="0"><code>${checkCommand}</code></pre><p class="quiet">${proof.receipt_keys}</p></section>`,
  });
}

function verdict({ frame: { tongue }, audit }: ProofView): Html {
  const { proof } = tongue.words;
  if (audit === undefined || audit === null)
    return html`<p class="banner">${noticeIcon}<span>${audit === null ? proof.not_audited : proof.unknown}</span></p>`;
  const { balanced, counts, finished_at, violation_count } = audit;
  const figures = [
    [proof.orders, counts.orders],
    [proof.payments, counts.payments],
    [proof.movements, counts.movements],
    [proof.violations, violation_count],
  ] as const;
  return html`<section class="verdict" aria-labelledby="verdict"><h2 id="verdict">${balanced ? proof.balanced : proof.not_balanced}</h2>
<p class="quiet">${proof.audited_at} <time datetime="${finished_at}">${formatMoment(tongue.locale, 'UTC', finished_at)}</time> UTC</p>
<dl class="facts">${figures.map(([name, count]) => html`<div><dt>${name}</dt><dd>${formatCount(tongue.locale, count)}</dd></div>`)}</dl></section>`;
}
