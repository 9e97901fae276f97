/** Which column of a file means what. An unknown one is named, and asked about where it may be a misspelt name. */
import { refusal } from '@souk/contracts';
import { beginningOf } from '@souk/kernel';
import { dialects, type ImportDialect, type ImportField } from './import-dialects.ts';
import { meantBy } from './misspelt-columns.ts';
import { oneLine } from './plain-text.ts';

export interface ImportColumns {
  kind: ImportDialect['kind'];
  /** Where each field is. */
  at: Readonly<Partial<Record<ImportField, number>>>;
  attributes: readonly { name: string; at: number }[];
  options: readonly { name: string; at: number }[];
  /** Pairs of columns that name an attribute and give its value. */
  pairs: readonly { name_at: number; value_at: number }[];
  /** How many columns there are. */
  count: number;
  /** Names of unknown columns, and of those that are there twice. */
  ignored: readonly string[];
  /** Names of columns of this kind of export that say nothing a catalogue keeps. */
  unused: readonly string[];
}

export interface ColumnOptions {
  /** Columns that may be misspelt are left aside as well. */
  ignore_unknown: boolean;
  /** Of the header, for messages. */
  line: number;
}

const shownMax = 60;

/** Reads the header. Throws `csv_invalid` that names the columns which are missing or may be misspelt. */
export function importColumns(header: readonly string[], options: ColumnOptions = { ignore_unknown: false, line: 1 }): ImportColumns {
  if (header.some((name) => name.includes('\ufffd')))
    throw refusal('csv_invalid', `Line ${options.line}: the header has bytes that are not UTF-8. Save the file as CSV in UTF-8.`, {
      line: options.line,
    });
  const names = header.map(oneLine);
  const lower = names.map((name) => name.toLowerCase());
  const dialect = dialects.find(({ isWrittenIn }) => isWrittenIn(new Set(lower))) ?? soukDialect();
  const columns = readColumns(dialect, names, lower);
  checkRequired(columns.at, dialect, names, options.line);
  if (!options.ignore_unknown) askAboutMisspelt(columns, dialect);
  return columns;
}

function soukDialect(): ImportDialect {
  const last = dialects.at(-1);
  if (last === undefined) throw new TypeError('there is no dialect');
  return last;
}

function readColumns(dialect: ImportDialect, names: readonly string[], lower: readonly string[]): ImportColumns {
  const at: Partial<Record<ImportField, number>> = {};
  const lists = { attributes: [] as { name: string; at: number }[], options: [] as { name: string; at: number }[] };
  const left: { name: string; shown: string }[] = [];
  const pairs = pairsOf(lower, dialect);
  const paired = new Set(pairs.flatMap(({ name_at, value_at }) => [name_at, value_at]));
  lower.forEach((name, index) => {
    if (name === '' || paired.has(index)) return;
    const list = dialect.lists?.find(({ beginning }) => name.startsWith(beginning) && name.length > beginning.length);
    const field = fieldOf(dialect, name);
    if (list) lists[list.member].push({ name: (names[index] ?? '').slice(list.beginning.length).trim(), at: index });
    else if (field !== undefined && at[field] === undefined) at[field] = index;
    else left.push({ name, shown: beginningOf(names[index] ?? '', shownMax) });
  });
  // Only now it is known which fields the file does not have.
  const isUnused = ({ name }: { name: string }): boolean =>
    fieldOf(dialect, name) === undefined && dialect.others?.test(name) === true && meantBy(dialect, name, at) === undefined;
  const unused = left.filter(isUnused).map(({ shown }) => shown);
  const ignored = left.filter((column) => !isUnused(column)).map(({ shown }) => shown);
  return { kind: dialect.kind, at, ...lists, pairs, count: names.length, ignored, unused };
}

function fieldOf({ names, loose }: ImportDialect, name: string): ImportField | undefined {
  const known = loose ? plainName(name) : name;
  return Object.hasOwn(names, known) ? names[known] : undefined;
}

/** "Attribute 1 name" beside "Attribute 1 value(s)". */
function pairsOf(lower: readonly string[], { pairs }: ImportDialect): { name_at: number; value_at: number }[] {
  if (pairs === undefined) return [];
  return lower.flatMap((name, name_at) => {
    const number = pairs.name.exec(name)?.[1];
    const value_at = number === undefined ? -1 : lower.indexOf(pairs.value.replace('N', number));
    return value_at < 0 ? [] : [{ name_at, value_at }];
  });
}

function checkRequired(at: ImportColumns['at'], { required, title }: ImportDialect, names: readonly string[], line: number): void {
  const missing = required.filter(([field]) => at[field] === undefined).map(([, name]) => name);
  if (missing.length === 0) return;
  const seen = beginningOf(names.filter(Boolean).slice(0, 12).join(', '), 300) || 'none';
  const read = title === undefined ? '' : ` The columns look like ${title}.`;
  const needed =
    'A file needs the columns Handle, Title and Variant Price (as Shopify exports them), Name and Regular price (WooCommerce), sku, name, price and product_type (Magento), or name and price (Souk\u2019s own).';
  throw refusal('csv_invalid', `Missing: ${missing.join(', ')}.${read} ${needed} Columns found in line ${line}: ${seen}.`, { missing });
}

/** A column that may be meant for something the file does not say yet would be lost without a word. */
function askAboutMisspelt(columns: ImportColumns, dialect: ImportDialect): void {
  const misspelt = columns.ignored.flatMap((name) => {
    const meant = meantBy(dialect, name.toLowerCase(), columns.at);
    return meant === undefined ? [] : [{ name, meant }];
  });
  if (misspelt.length === 0) return;
  const sentences = misspelt.map(
    ({ name, meant }) => `The column ${JSON.stringify(name)} is not known here; did you mean ${JSON.stringify(meant)}?`,
  );
  const remedy = 'Rename it, or import the file without it: ignore_unknown_columns=true (souk import --ignore-unknown-columns).';
  throw refusal('csv_invalid', `${sentences.slice(0, 5).join(' ')} ${remedy}`, { misspelt });
}

/** Underscores for blanks and hyphens. */
function plainName(name: string): string {
  return name.replace(/[ _-]+/g, '_');
}
