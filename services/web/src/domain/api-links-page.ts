import type { ApiLinks } from '@souk/contracts';
import { html } from '@souk/ui';
import type { Page } from './page-frame.ts';

export const apiLinks: ApiLinks = {
  openapi: '/openapi.json',
  asyncapi: '/asyncapi.json',
  documentation: '/docs',
  problems: '/problems',
  health: '/health',
};

export function apiLinksPage(): Page {
  return {
    title: 'A shop with an API',
    path: '/api',
    description: 'Where to find the API of this shop, its reference and its status.',
    main: html`<p>This address answers programs. People begin with one of these:</p>
<ul class="contents">
<li><a href="/docs">How to call the API</a>: a first order in ten lines, then everything else</li>
<li><a href="/docs/events">Events</a> between the services</li>
<li><a href="/problems">Problems</a>: every refusal, what it means and what to do</li>
<li><a href="/openapi.json">openapi.json</a> and <a href="/asyncapi.json">asyncapi.json</a> for tools</li>
<li><a href="/status">Status</a> of the shop, for its staff</li>
</ul>`,
  };
}
