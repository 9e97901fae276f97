/**
 * Which passwords are refused (NIST SP 800-63B, section 3.1.1.2): common ones, sequences and repetitions, and what is close to
 * the person's own name or address. Long phrases pass whatever they are made of.
 */

/** What a guesser knows of a person. */
export interface KnownOfPerson {
  username: string;
  email: string;
  full_name: string;
}

export type PasswordFault = 'common' | 'predictable' | 'close_to_person';

/** Ways of typing that need no thought, read in both directions. */
const walks = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiop',
  'qwertzuiop',
  'azertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
  '1q2w3e4r5t6y7u8i9o0p',
].flatMap((walk) => [walk, [...walk].reverse().join('')]);
const walkLengthMin = 3;
const tokenLengthMin = 3;
/** So many characters beside walks, or beside what is known of the person, make a password of its own. */
const restLengthMin = 6;
const affixLengthMax = 6;
const coreLengthMin = 4;
const shopName = 'souk';
const leet: ReadonlyMap<string, string> = new Map([...'0134579@$!'].map((sign, at) => [sign, 'oieastgasi'[at] ?? sign]));

/** Why a password is refused; undefined where it is not. `isCommon` knows the list, by folded words. */
export function passwordFault(password: string, person: KnownOfPerson, isCommon: (word: string) => boolean): PasswordFault | undefined {
  const folded = password.normalize('NFKC').toLowerCase();
  if (candidatesOf(folded).some(isCommon)) return 'common';
  if (isPredictable(folded)) return 'predictable';
  const tokens = tokensOf(person);
  const spellings = [plain(folded), plain(unleet(folded))];
  return spellings.some((spelling) => isClose(spelling, tokens, isCommon)) ? 'close_to_person' : undefined;
}

/** The word itself, backwards, without signs, and without the digits and signs that people put before and behind it. */
function candidatesOf(folded: string): string[] {
  const spellings = [folded, unleet(folded), plain(folded), plain(unleet(folded))];
  const cores = [coreOf(folded), unleet(coreOf(folded)), coreOf(unleet(folded))].filter(
    (core) => core.length >= coreLengthMin && folded.length - core.length <= affixLengthMax,
  );
  return [...spellings, ...cores].flatMap((word) => [word, [...word].reverse().join('')]);
}

function coreOf(folded: string): string {
  const letters = [...folded].map((character) => /\p{L}/u.test(character));
  const first = letters.indexOf(true);
  return first < 0 ? '' : [...folded].slice(first, letters.lastIndexOf(true) + 1).join('');
}

function unleet(folded: string): string {
  return [...folded].map((character) => leet.get(character) ?? character).join('');
}

function plain(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N}]/gu, '');
}

/** Few characters again and again, or hardly more than walks over the alphabet and the keyboard. */
function isPredictable(folded: string): boolean {
  if (new Set(folded).size < restLengthMin - 1 || isPeriodic(folded)) return true;
  return restWithout(folded, walkAt).length < restLengthMin - 2;
}

function isPeriodic(text: string): boolean {
  const periodMax = Math.floor(text.length / 2);
  for (let period = 1; period <= periodMax; period += 1) {
    if (text.slice(period) === text.slice(0, text.length - period) && period < 10) return true;
  }
  return false;
}

/** Length of the walk that begins here; 0 where none does. */
function walkAt(text: string, at: number): number {
  let longest = 0;
  for (
    let length = walkLengthMin;
    at + length <= text.length && walks.some((walk) => walk.includes(text.slice(at, at + length)));
    length += 1
  )
    longest = length;
  return longest;
}

function restWithout(text: string, lengthAt: (text: string, at: number) => number): string {
  let rest = '';
  for (let at = 0; at < text.length; ) {
    const length = lengthAt(text, at);
    if (length === 0) rest += text[at] ?? '';
    at += Math.max(1, length);
  }
  return rest;
}

/** Longest first, both ways round. */
function tokensOf({ username, email, full_name }: KnownOfPerson): string[] {
  const [local = '', domain = ''] = email.split('@');
  const names = [username, email, local, full_name].flatMap((text) => [text, ...text.split(/[^\p{L}\p{N}]+/u)]);
  const words = [...names, ...domain.split('.').slice(0, -1), shopName].map((text) => plain(text.normalize('NFKC').toLowerCase()));
  const tokens = words.filter((word) => word.length >= tokenLengthMin);
  return [...new Set(tokens.flatMap((word) => [word, [...word].reverse().join('')]))].sort((left, right) => right.length - left.length);
}

function isClose(spelling: string, tokens: readonly string[], isCommon: (word: string) => boolean): boolean {
  if (tokens.some((token) => token.length >= restLengthMin && distance(spelling, token) <= 2)) return true;
  const rest = restWithout(spelling, (text, at) => tokens.find((token) => text.startsWith(token, at))?.length ?? 0);
  if (rest.length === spelling.length) return false;
  return rest.length < restLengthMin || isCommon(rest) || isPredictable(rest);
}

/** Insertions, deletions and replacements between two texts (Levenshtein); 3 where their lengths alone say that it is more than 2. */
function distance(left: string, right: string): number {
  if (Math.abs(left.length - right.length) > 2) return 3;
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let at = 1; at <= left.length; at += 1) {
    const next = [at];
    for (let to = 1; to <= right.length; to += 1) {
      const replaced = (row[to - 1] ?? 0) + (left[at - 1] === right[to - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[to] ?? 0) + 1, (next[to - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}
