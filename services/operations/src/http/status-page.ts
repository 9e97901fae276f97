/**
 * The status page as one document: style and script are in it, allowed by their digests and nothing else, so that it loads
 * nothing else. The script is written as modules, which are joined here in order.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

export interface StatusPage {
  text: string;
  headers: Readonly<Record<string, string>>;
}

const styles = ['status-ground.css', 'status-parts.css', 'status-map.css', 'status-small.css'];
const modules = ['status-words.js', 'status-elements.js', 'status-session.js', 'status-view.js', 'status-tables.js', 'status-page.js'];
const folder = new URL('../../templates/', import.meta.url);

/** Reads the templates; the page does not change while the process runs. */
export function readStatusPage(): StatusPage {
  const style = styles.map(read).join('\n');
  const script = modules.map((name) => joined(read(name))).join('\n');
  const text = read('status.html')
    .replace('/* style */', () => style)
    .replace('/* script */', () => script);
  const policy = [
    "default-src 'none'",
    `style-src '${digestOf(style)}'`,
    `script-src '${digestOf(script)}'`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ];
  return {
    text,
    headers: {
      'content-security-policy': policy.join('; '),
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    },
  };
}

/** A module without its imports and exports: in one script all names are at hand. */
function joined(module: string): string {
  return module.replaceAll(/^import [^;]*;\n/gm, '').replaceAll(/^export /gm, '');
}

function digestOf(content: string): string {
  return `sha256-${createHash('sha256').update(content).digest('base64')}`;
}

function read(name: string): string {
  return readFileSync(new URL(name, folder), 'utf8');
}
