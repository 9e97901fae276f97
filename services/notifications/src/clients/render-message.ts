import { readFileSync } from 'node:fs';
import { required } from '@souk/kernel';
import { Liquid, type Template as Parsed } from 'liquidjs';
import type { Render, RenderOrder } from '../domain/compose.ts';
import { type Locale, locales } from '../domain/locale.ts';
import { shortTemplateNames, templateNames } from '../domain/templates.ts';

const folder = new URL('../../templates/', import.meta.url);
const contentName = 'order-content';

export interface Renderer {
  message: Render;
  order: RenderOrder;
}

/** Renders the files in `templates/`, read here and now; HTML escapes what is put in unless a template says otherwise. */
export function createRender(): Renderer {
  const plain = new Liquid({ strictFilters: true });
  const markup = new Liquid({ strictFilters: true, outputEscape: 'escape' });
  const parsed = new Map<string, Parsed[]>();
  const read = (engine: Liquid, name: string): void => {
    parsed.set(name, engine.parse(readFileSync(new URL(`${name}.liquid`, folder), 'utf8').trimEnd()));
  };
  for (const locale of locales) {
    for (const name of templateNames) {
      for (const part of ['subject', 'text']) read(plain, `${locale}/${name}.${part}`);
      read(markup, `${locale}/${name}.html`);
    }
    for (const name of shortTemplateNames) read(plain, `${locale}/${name}.sms`);
    read(plain, `${locale}/${contentName}.text`);
    read(markup, `${locale}/${contentName}.html`);
  }
  read(markup, 'layout.html');
  const rendered = (engine: Liquid, name: string, values: Record<string, unknown>): string =>
    engine.renderSync(required(parsed.get(name), `the template ${name}`), values) as string;

  const asHtml = (locale: Locale, name: string, subject: string, values: Record<string, unknown>): string =>
    rendered(markup, 'layout.html', { ...values, locale, subject, content: rendered(markup, `${locale}/${name}.html`, values) });

  return {
    message(name, channel, locale, values, with_html) {
      if (channel === 'sms') return { subject: null, body: rendered(plain, `${locale}/${name}.sms`, values), html: null };
      const subject = oneLine(rendered(plain, `${locale}/${name}.subject`, values));
      const body = rendered(plain, `${locale}/${name}.text`, values);
      return { subject, body, html: with_html ? asHtml(locale, name, subject, values) : null };
    },
    order: (locale, order) => ({
      text: rendered(plain, `${locale}/${contentName}.text`, { order }),
      html: rendered(markup, `${locale}/${contentName}.html`, { order }),
    }),
  };
}

/** A name with a line break must not become a header of its own. */
function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
