/** Drawn for pages, 24 by 24; words beside them say the same. */
import { type Html, html } from '@souk/ui';

export const searchIcon: Html = html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><circle cx="11" cy="11" r="6.5"/><path d="m16 16 4.5 4.5"/></svg>`;
export const shieldIcon: Html = html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M12 3 4.5 6v5.5c0 4.6 3.1 8 7.5 9.5 4.4-1.5 7.5-4.9 7.5-9.5V6L12 3Z"/><path d="m8.75 12 2.25 2.25 4.25-4.5"/></svg>`;
export const piecesIcon: Html = html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M12 3 4 7.2v9.6L12 21l8-4.2V7.2L12 3Z"/><path d="m4 7.2 8 4.3 8-4.3M12 11.5V21"/></svg>`;
export const booksIcon: Html = html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M12 4v16M7 20h10M5 8h14M5 8l-2.5 6h5L5 8Zm14 0-2.5 6h5L19 8Z"/></svg>`;
export const noticeIcon: Html = html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="9"/><path d="M12 7.5v5.5M12 16.4v.1"/></svg>`;
export const removeIcon: Html = html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="m7 7 10 10M17 7 7 17"/></svg>`;
export const cartIcon: Html = html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M5 8h14l-1 12H6L5 8Z"/><path d="M9 10.5V7a3 3 0 0 1 6 0v3.5"/></svg>`;
export const doneIcon: Html = html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="9"/><path d="m8 12.25 2.75 2.75L16 9.5"/></svg>`;
