/** The files that pages load. A name holds the hash of its content, so that a copy is good for ever and a change is another file. */
import { readFileSync } from 'node:fs';
import type { PageAssets } from '@souk/storefront';
import { contentTag, createPublication, type Publication } from './publication.ts';

export interface AssetFiles {
  /** Parts of one style, in their order; they name fonts as `/assets/<name>.woff2`. */
  readonly styles: readonly string[];
  readonly icon: string;
  readonly script: string;
  readonly fonts: Readonly<Record<string, string>>;
}

export interface Assets {
  /** What pages name. */
  readonly page: PageAssets;
  find(name: string): Publication | undefined;
}

/** Reads all files. */
export function readAssets({ styles, icon, script, fonts }: AssetFiles): Assets {
  const files = new Map<string, Publication>();
  const add = (name: string, kind: string, media_type: string, content: Buffer): string => {
    const file = `${name}-${contentTag(content)}.${kind}`;
    files.set(
      file,
      createPublication(media_type, () => content),
    );
    return kind === 'js' ? `/scripts/${file}` : `/assets/${file}`;
  };
  const fontAddresses = Object.entries(fonts).map(([name, path]) => [name, add(name, 'woff2', 'font/woff2', readFileSync(path))] as const);
  const text = styles.map((path) => readFileSync(path, 'utf8')).join('\n');
  const named = fontAddresses.reduce((style, [name, address]) => style.replaceAll(`/assets/${name}.woff2`, address), withoutComments(text));
  return {
    page: {
      style: add('storefront', 'css', 'text/css', Buffer.from(named)),
      icon: add('icon', 'svg', 'image/svg+xml', readFileSync(icon)),
      script: add('storefront', 'js', 'text/javascript', readFileSync(script)),
      fonts: fontAddresses.map(([, address]) => address),
    },
    find: (name) => files.get(name),
  };
}

function withoutComments(style: string): string {
  return style.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/\n\s*\n/g, '\n');
}
