import { required } from '@souk/kernel';
import { Liquid, type Template as Parsed } from 'liquidjs';
import type { Render } from '../domain/compose.ts';
import { templates } from '../domain/templates.ts';

/** Renders the shop's own templates as plain text; each is parsed once. */
export function createRender(): Render {
  const engine = new Liquid({ strictFilters: true });
  const parsed = new Map<string, Parsed[]>();
  const parts = (key: string, text: string): Parsed[] => {
    const known = parsed.get(key);
    if (known) return known;
    const fresh = engine.parse(text);
    parsed.set(key, fresh);
    return fresh;
  };
  return (name, channel, values) => {
    const template = required(templates[name], `the template ${name}`);
    const body = channel === 'sms' ? required(template.sms, `the short template ${name}`) : template.email;
    return {
      subject: channel === 'sms' ? null : oneLine(engine.renderSync(parts(`${name}:subject`, template.subject), values) as string),
      body: engine.renderSync(parts(`${name}:${channel}`, body), values) as string,
    };
  };
}

/** A name with a line break must not become a header of its own. */
function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
