/** Things as a shop shows them: which ones, and what there is to choose from. */
import type { ShownProduct, ShownThing } from './views.ts';

const variantMark = ' – ';
const optionMark = ' / ';

/** The names of options in the order in which the product's name has their values, else as they are. */
function optionNames({ name, options }: Pick<ShownProduct, 'name' | 'options'>): string[] {
  const [, words] = splitName(name);
  const names = Object.keys(options);
  if (words === undefined || !sameWords(words, Object.values(options))) return names;
  return names.sort((one, other) => words.indexOf(options[one] ?? '') - words.indexOf(options[other] ?? ''));
}

function splitName(name: string): [before: string, words: string[] | undefined] {
  const at = name.lastIndexOf(variantMark);
  return at < 1 ? [name, undefined] : [name.slice(0, at), name.slice(at + variantMark.length).split(optionMark)];
}

function sameWords(words: readonly string[], values: readonly string[]): boolean {
  return words.length === values.length && words.toSorted().every((word, index) => word === values.toSorted()[index]);
}

/** At most so many things, no more than `each_max` of one category while there are others. */
export function mixed(things: readonly ShownThing[], most: number, each_max: number): ShownThing[] {
  const seen = new Map<string, number>();
  const [first, later]: [ShownThing[], ShownThing[]] = [[], []];
  for (const thing of things) {
    const category = thing.category ?? '';
    const count = (seen.get(category) ?? 0) + 1;
    seen.set(category, count);
    (count <= each_max ? first : later).push(thing);
  }
  return [...first, ...later].slice(0, most);
}

export interface OptionChoice {
  readonly value: string;
  /** Where this choice leads: the variant that keeps the other options, or else any with the value. */
  readonly variant: ShownProduct;
  readonly chosen: boolean;
  readonly available: boolean;
}

export interface OptionGroup {
  readonly name: string;
  readonly value: string;
  readonly choices: readonly OptionChoice[];
}

/** For each option of a product the values that its variants have. */
export function optionGroups(
  product: ShownProduct,
  variants: readonly ShownProduct[],
  piecesOf: (variant: ShownProduct) => number,
): OptionGroup[] {
  return optionNames(product).map((name) => {
    const values = [...new Set(variants.flatMap(({ options }) => (Object.hasOwn(options, name) ? [options[name] ?? ''] : [])))];
    const choices = values.flatMap((value): OptionChoice[] => {
      const variant = variantWith(product, variants, name, value);
      if (variant === undefined) return [];
      return [{ value, variant, chosen: product.options[name] === value, available: piecesOf(variant) > 0 }];
    });
    return { name, value: product.options[name] ?? '', choices: inOrder(choices) };
  });
}

function variantWith(product: ShownProduct, variants: readonly ShownProduct[], name: string, value: string): ShownProduct | undefined {
  const withValue = variants.filter(({ options }) => options[name] === value);
  const others = Object.keys(product.options).filter((other) => other !== name);
  return (
    withValue.find(({ id }) => id === product.id) ??
    withValue.find(({ options }) => others.every((other) => options[other] === product.options[other])) ??
    withValue[0]
  );
}

/** Made once: it costs more than the comparisons of a page. */
const alphabetical = new Intl.Collator('en', { numeric: true });
const sizes = ['XXS', 'XS', 'S', 'M', 'L', 'XL', 'XXL', 'XXXL'];

/** Sizes by size, everything else as numbers and letters go. */
function inOrder(choices: readonly OptionChoice[]): OptionChoice[] {
  const areSizes = choices.every(({ value }) => sizes.includes(value));
  if (areSizes) return choices.toSorted((one, other) => sizes.indexOf(one.value) - sizes.indexOf(other.value));
  return choices.toSorted((one, other) => alphabetical.compare(one.value, other.value));
}

/** Whether no text has a word of the question: what was found is then what comes close. */
export function hasNoWordOf(q: string, texts: readonly string[]): boolean {
  const words = q
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
  if (words.length === 0 || texts.length === 0) return false;
  return !texts.some((text) => {
    const lower = text.toLowerCase();
    return words.some((word) => lower.includes(stem(word)));
  });
}

/** What a search looks for words in. */
export function wordsOfProduct({ name, category, description, sku, options, attributes }: ShownProduct): string {
  return [name, category ?? '', description, sku, ...Object.values(options), ...Object.values(attributes)].join(' ');
}

export function wordsOfThing({ title, category, description }: ShownThing): string {
  return [title, category ?? '', description].join(' ');
}

/** Without the ending of a plural, which the search takes for the same word. */
function stem(word: string): string {
  return word.length > stemmedFrom && word.endsWith('s') ? word.slice(0, -1) : word;
}

const stemmedFrom = 3;
