import { formatMoment, formatMoney, type Html, html } from '@souk/ui';
import type { AccountOrdersView, ShownOrderEntry } from '../account-views.ts';
import { accountOrdersPath, homePath, orderPath } from '../addresses.ts';
import { accountFrame } from '../parts/account-frame.ts';
import type { FrameView } from '../views.ts';

export function accountOrdersPage({ frame, orders, next_cursor, is_first }: AccountOrdersView): string {
  const { account, home } = frame.tongue.words;
  const none = html`<div class="empty"><p>${account.orders_none}</p><p><a class="button" href="${homePath}">${home.look}</a></p></div>`;
  return accountFrame({
    frame,
    path: accountOrdersPath,
    title: account.orders,
    main: html`${orders === undefined ? html`<p class="banner">${account.away}</p>` : orders.length === 0 && is_first ? none : table(frame, orders)}
${(next_cursor !== null || !is_first) && html`<nav class="pager" aria-label="${account.orders}">${!is_first && html`<a class="button plain" href="${accountOrdersPath}">${account.first}</a>`}${next_cursor !== null && html`<a class="button" href="${accountOrdersPath}?cursor=${encodeURIComponent(next_cursor)}">${account.next}</a>`}</nav>`}`,
  });
}

function table({ tongue: { locale, words } }: FrameView, orders: readonly ShownOrderEntry[]): Html {
  const { account } = words;
  const rows = orders.map(
    ({ id, order_number, status, total_amount, currency, created_at }) =>
      html`<tr><th scope="row"><a href="${orderPath(id)}">${order_number}</a></th><td><time datetime="${created_at}">${formatMoment(locale, 'UTC', created_at)}</time></td><td>${account.status[status]}</td><td>${formatMoney(locale, currency, String(total_amount))}</td></tr>`,
  );
  return html`<div class="wide" role="group" aria-label="${account.orders}" tabindex="0"><table class="orders"><thead><tr><th scope="col">${account.order}</th><th scope="col">${account.placed_at} (UTC)</th><th scope="col">${account.state}</th><th scope="col">${account.total}</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}
