/** Texts that make a pattern work hard: pieces it can match, repeated, with an end it cannot match. */
import { type AST, RegExpParser } from '@eslint-community/regexpp';

const slicesMax = 40;
const variantsMax = 6;
const loopMin = 20;
const suffixes = ['\n\u0000', '!'];

export interface Attack {
  prefix: string;
  pump: string;
  suffix: string;
}

/** No attack for a pattern that has no long loop: it looks at a bounded number of characters from each place. */
export function attacksOn({ source, flags }: RegExp): Attack[] {
  const { alternatives } = new RegExpParser({ ecmaVersion: 2025 }).parsePattern(source, 0, source.length, {
    unicode: flags.includes('u'),
    unicodeSets: flags.includes('v'),
  });
  const loops: AST.Quantifier[] = [];
  const pieces = new Set<string>();
  const prefixes = new Set<string>(['', '\u0000']);
  for (const alternative of alternatives) collect(alternative, loops, pieces, prefixes);
  if (loops.length === 0) return [];
  for (const { element } of loops) for (const text of samples(element)) pieces.add(text);
  for (const one of [...pieces].slice(0, slicesMax))
    for (const other of loops.flatMap(({ element }) => samples(element)).slice(0, 4)) pieces.add(one + other);
  return [...pieces]
    .filter((pump) => pump !== '')
    .slice(0, 4 * slicesMax)
    .flatMap((pump) => [...prefixes].flatMap((prefix) => suffixes.map((suffix) => ({ prefix, pump, suffix }))));
}

/** The long loops of an alternative, what slices of it match, and what leads up to its loops. */
function collect(alternative: AST.Alternative, loops: AST.Quantifier[], pieces: Set<string>, prefixes: Set<string>): void {
  const { elements } = alternative;
  elements.forEach((element, start) => {
    if (element.type === 'Quantifier') {
      if (element.max > loopMin) {
        loops.push(element);
        prefixes.add(elements.slice(0, start).map(first).join('').slice(0, 40));
      }
      for (const inner of inside(element.element)) collect(inner, loops, pieces, prefixes);
    } else for (const inner of inside(element)) collect(inner, loops, pieces, prefixes);
    for (let end = start + 1; end <= elements.length && pieces.size < slicesMax; end += 1) {
      for (const text of joined(elements.slice(start, end))) pieces.add(text);
    }
  });
}

function inside(element: AST.Element): AST.Alternative[] {
  if (element.type === 'Group' || element.type === 'CapturingGroup') return element.alternatives;
  return element.type === 'Assertion' && 'alternatives' in element ? element.alternatives : [];
}

function joined(elements: readonly AST.Element[]): string[] {
  let texts = [''];
  for (const element of elements) {
    const parts = samples(element);
    texts = texts.flatMap((text, index) => (index === 0 ? parts : parts.slice(0, 1)).map((part) => text + part)).slice(0, variantsMax);
  }
  return texts;
}

function first(element: AST.Element): string {
  return samples(element)[0] ?? '';
}

/** Some texts that the element matches. */
function samples(element: AST.Element): string[] {
  switch (element.type) {
    case 'Quantifier': {
      const times = Math.max(1, element.min);
      return samples(element.element).map((text) => text.repeat(Math.min(times, loopMin)));
    }
    case 'Group':
    case 'CapturingGroup':
      return element.alternatives.flatMap(({ elements }) => joined(elements)).slice(0, variantsMax);
    case 'Character':
      return [String.fromCodePoint(element.value)];
    case 'CharacterSet':
    case 'CharacterClass':
    case 'ExpressionCharacterClass':
      return matching(element.raw);
    default:
      return [''];
  }
}

const candidates = [...'a0 <-/."\\@:;,=_\'`>}{[]?!%&#A', '\n', '\t', '\u0301', 'é', '中', '\u200b', '\u0001'];

/** Characters of a class that other parts of patterns like to match as well. */
function matching(raw: string): string[] {
  const flag = /\\p\{|\\u\{/iu.test(raw) ? 'u' : '';
  const one = new RegExp(`^${raw}$`, flag);
  const found = candidates.filter((candidate) => one.test(candidate));
  return found.length > 0 ? found.slice(0, variantsMax) : [''];
}
