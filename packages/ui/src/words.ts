/** The words of a page in several languages: objects with the same keys, which the compiler compares. */

/** How a language is named, written and read. */
export interface Language {
  /** For `lang`, such as `de`. */
  readonly tag: string;
  /** For numbers and dates, such as `de-DE`. */
  readonly locale: string;
  readonly direction: 'ltr' | 'rtl';
}

/** What a catalogue of another language must have to stand for this one: each text a text, each sentence with the same parameters. */
export type Catalogue<Words> = {
  readonly [Key in keyof Words]: Words[Key] extends (...parameters: infer Parameters) => string
    ? (...parameters: Parameters) => string
    : Words[Key] extends string
      ? string
      : Catalogue<Words[Key]>;
};

/** The language of those offered that an `Accept-Language` header prefers; the first without a preference. */
export function preferredLanguage<L extends Language>(accepted: string | undefined, offered: readonly [L, ...L[]]): L {
  for (const tag of acceptedTags(accepted ?? '')) {
    const found = offered.find((language) => language.tag === tag || tag.startsWith(`${language.tag}-`));
    if (found) return found;
  }
  return offered[0];
}

const headerCharactersMax = 500;

function acceptedTags(header: string): string[] {
  const ranges = header
    .slice(0, headerCharactersMax)
    .split(',')
    .map((range) => {
      const [tag = '', ...parameters] = range.trim().toLowerCase().split(';');
      const weight = parameters
        .map((parameter) => /^\s*q=(\d(?:\.\d{1,3})?)\s*$/.exec(parameter)?.[1])
        .find((value) => value !== undefined);
      return { tag: tag.trim(), weight: Number(weight ?? 1) };
    });
  return ranges
    .filter(({ weight }) => weight > 0)
    .sort((one, other) => other.weight - one.weight)
    .map(({ tag }) => tag);
}
