import { type Html, html } from '@souk/ui';
import type { Page } from './page-frame.ts';

/** The guides; `markup` is their template. What is wider than the page is a region that the keyboard can scroll. */
export function guidesPage(markup: string): Page {
  return {
    title: 'How to call the API',
    path: '/docs',
    description: 'A first order in ten lines, signing in, paging, errors, idempotency, waiting, money, webhooks and limits.',
    searched: true,
    main: markupOf(markup.replaceAll(/ data-label="([^"]*)"/g, ' role="group" tabindex="0" aria-label="$1"')),
  };
}

/** A file of this service as a template without parts: it is read by the rules of one written in the code. */
function markupOf(text: string): Html {
  return html(Object.assign([text], { raw: [text] }));
}
