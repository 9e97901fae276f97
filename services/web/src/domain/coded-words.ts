import { type Html, html } from '@souk/ui';

/** Words with `code` in backquotes, as schemas and sentences of the contract have them. */
export function codedWords(text: string): Html {
  const parts = text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : html`${part}`));
  return html`${parts}`;
}
