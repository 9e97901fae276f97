import { trusted } from './html.ts';
import type { Page } from './page-frame.ts';

/** The guides; `markup` is their template. What is wider than the page is a region that the keyboard can scroll. */
export function guidesPage(markup: string): Page {
  return {
    title: 'How to call the API',
    path: '/docs',
    description: 'A first order in ten lines, signing in, paging, errors, idempotency, waiting, money, webhooks and limits.',
    searched: true,
    main: trusted(markup.replaceAll(/ data-label="([^"]*)"/g, ' role="group" tabindex="0" aria-label="$1"')),
  };
}
