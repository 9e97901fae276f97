/** Finds what a page of documentation names and what is not there: linked files, headings, functions, and paths in backticks. */
import { posix } from 'node:path';

export interface Pages {
  /** Path of each page below the root, with its text. */
  pages: ReadonlyMap<string, string>;
  /** Whether that file or folder exists below the root. */
  exists(path: string): boolean;
  /** Text of a source file that exists. */
  read(path: string): string;
}

const fences = /^```[\s\S]*?^```$/gm;
const links = /\[((?:`[^`]*`|[^\]`])*)\]\(([^)\s]+)\)/g;
const rooted = /^(?:packages|apps|services|platform|tools|tests|docs|infrastructure|bench|\.ci)\/[\w@./{},*-]*$/;
const ownFolder = /^(?:src|test|migrations|templates)\/[\w./{},*-]+$/;
const written = /^```\S* .*\bfile=(\S+)/gm;
const identifier = /^`(\w+)`$/;

/** One sentence for each reference that leads nowhere, beginning with the page. */
export function brokenReferences({ pages, exists, read }: Pages): string[] {
  const made = new Set([...pages.values()].flatMap((text) => [...text.matchAll(written)].flatMap(([, file = '']) => pathsTo(file))));
  // What the reader of a guide makes: the file, and everything in a folder that is not here before.
  const isMade = (path: string): boolean => made.has(pathsTo(path).find((part) => !exists(part)) ?? path);
  const isThere = (path: string): boolean => exists(path) || isMade(path);
  return [...pages].flatMap(([page, text]) => {
    const prose = text.replaceAll(fences, '');
    const folder = posix.dirname(page);
    const linked = [...prose.matchAll(links)].flatMap(([, words = '', target = '']) => {
      const why = brokenLink({ page, folder, words, target, isThere, pages, read });
      return why === undefined ? [] : [`${page}: ${why}`];
    });
    // A decision record describes what was there when it was made.
    if (page.startsWith('docs/adr/')) return linked;
    const named = [...prose.matchAll(/`([^`\n]+)`/g)].flatMap(([, path = '']) => {
      const full = rooted.test(path)
        ? path
        : ownFolder.test(path) && /^(?:packages|apps|services|tools)\//.test(folder)
          ? posix.join(folder, path)
          : undefined;
      if (full === undefined || alternatives(full).every((one) => one.includes('*') || isThere(one.replace(/\/$/, '')))) return [];
      return [`${page}: \`${path}\` does not exist`];
    });
    return [...linked, ...named];
  });
}

interface Link extends Pick<Pages, 'pages' | 'read'> {
  page: string;
  folder: string;
  words: string;
  target: string;
  isThere(path: string): boolean;
}

function brokenLink({ page, folder, words, target, isThere, pages, read }: Link): string | undefined {
  if (/^[a-z]+:/.test(target)) return undefined;
  const [file = '', heading] = target.split('#');
  const path = file === '' ? page : posix.join(folder, file).replace(/\/$/, '');
  if (!isThere(path)) return `${target} does not exist`;
  const linkedPage = pages.get(path);
  if (heading !== undefined && linkedPage !== undefined && !anchorsOf(linkedPage).has(heading)) return `${target} is no heading there`;
  const name = identifier.exec(words)?.[1];
  if (name !== undefined && /\.(?:ts|mjs|sql)$/.test(path) && !new RegExp(`\\b${name}\\b`).test(read(path)))
    return `${path} does not hold ${name}`;
  return undefined;
}

/** `a/{b,c}.ts` as `a/b.ts` and `a/c.ts`. */
function alternatives(path: string): string[] {
  const [all, inner] = /\{([^{}]*)\}/.exec(path) ?? [];
  if (all === undefined || inner === undefined) return [path];
  return inner.split(',').flatMap((one) => alternatives(path.replace(all, one)));
}

/** The file itself and the folders it lies in. */
function pathsTo(file: string): string[] {
  const parts = file.split('/');
  return parts.map((_part, index) => parts.slice(0, index + 1).join('/'));
}

/** As GitHub makes them of headings. */
function anchorsOf(text: string): Set<string> {
  const headings = [...text.replaceAll(fences, '').matchAll(/^#{1,6} (.+)$/gm)].map(([, words = '']) => words);
  return new Set(
    headings.map((words) =>
      words
        .replaceAll('`', '')
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}
