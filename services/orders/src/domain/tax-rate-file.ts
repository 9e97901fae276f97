/** Rates of tax in a CSV file: a header, a rate in each line; lines that begin with # are remarks. */
import { fields, refusal, type WriteTaxRate } from '@souk/contracts';
import { AppError } from '@souk/kernel';
import { type TaxRateContent, taxRateContent } from './tax-rates.ts';

export interface FileRate {
  line: number;
  rate: TaxRateContent;
}

export interface RefusedLine {
  line: number;
  reason: string;
}

const columns = ['country', 'region', 'postal_prefix', 'tax_class', 'name', 'rate_percent', 'valid_from', 'valid_until'] as const;
type Column = (typeof columns)[number];
const required: readonly Column[] = ['country', 'name', 'rate_percent'];
const ratesMax = 50;

/** Each text cell in the form of its field, as in the bodies of requests. */
const texts = {
  country: fields.CountryCode,
  region: fields.RegionCode,
  postal_prefix: fields.PostalPrefix,
  tax_class: fields.TaxClass,
  name: fields.TaxName,
  valid_from: fields.Timestamp,
  valid_until: fields.Timestamp,
};
type TextColumn = keyof typeof texts;

/** The rates of a file, and the lines that are none. Throws `csv_invalid` for a file that cannot be read at all. */
export function readRateFile(text: string, country_codes: ReadonlyMap<string, string>): { rates: FileRate[]; refused: RefusedLine[] } {
  const lines = text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .map((content, index) => ({ line: index + 1, content }))
    .filter(({ content }) => content.trim() !== '' && !content.startsWith('#'));
  const [header, ...rows] = lines;
  if (header === undefined) throw refusal('csv_invalid', 'The file has no header line.');
  const names = readHeader(header.content, header.line);
  const rates: FileRate[] = [];
  const refused: RefusedLine[] = [];
  for (const { line, content } of rows) {
    try {
      rates.push({ line, rate: taxRateContent(readRow(names, content), country_codes) });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      refused.push({ line, reason: error.message });
    }
  }
  return { rates, refused };
}

function readHeader(content: string, line: number): Column[] {
  const names = content.split(',').map((name) => name.trim().toLowerCase());
  const unknown = names.find((name) => !columns.includes(name as Column));
  if (unknown !== undefined)
    throw refusal(
      'csv_invalid',
      `Line ${line}: the column ${JSON.stringify(unknown.slice(0, 60))} is not known; columns are ${columns.join(', ')}.`,
      { line },
    );
  const missing = required.filter((name) => !names.includes(name));
  if (missing.length > 0) throw refusal('csv_invalid', `Line ${line}: the columns ${missing.join(', ')} are missing.`, { line });
  if (new Set(names).size < names.length) throw refusal('csv_invalid', `Line ${line}: a column is there twice.`, { line });
  return names as Column[];
}

function readRow(names: readonly Column[], content: string): WriteTaxRate {
  if (content.includes('"')) throw unreadable('a cell has quotation marks; write names without commas and without them');
  const cells = content.split(',').map((cell) => cell.trim());
  if (cells.length !== names.length) throw unreadable(`there are ${cells.length} cells for ${names.length} columns`);
  const given = new Map(names.map((name, index) => [name, cells[index] ?? '']));
  const cell = (name: TextColumn): string | null => checked(name, asInstant(name, given.get(name) ?? ''));
  return {
    country: cell('country') ?? '',
    region: cell('region'),
    postal_prefix: cell('postal_prefix'),
    tax_class: cell('tax_class') ?? 'standard',
    name: cell('name') ?? '',
    rate_percent: percentOf(given.get('rate_percent') ?? ''),
    valid_from: cell('valid_from'),
    valid_until: cell('valid_until'),
  };
}

/** A date alone is its beginning in UTC. */
function asInstant(name: Column, text: string): string {
  return name.startsWith('valid_') && /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text;
}

function checked(name: TextColumn, text: string): string | null {
  if (text === '' && !required.includes(name)) return null;
  const { pattern = '', maxLength = Number.POSITIVE_INFINITY } = texts[name] as { pattern?: string; maxLength?: number };
  if (text === '' || text.length > maxLength || !new RegExp(pattern, 'u').test(text))
    throw unreadable(`${name} is ${JSON.stringify(text.slice(0, 60))}, which it cannot be`);
  return text;
}

function percentOf(text: string): number {
  if (!/^\d{1,3}(\.\d{1,4})?$/.test(text) || Number(text) > ratesMax)
    throw unreadable(
      `rate_percent is ${JSON.stringify(text.slice(0, 60))}, not a number from 0 to ${ratesMax} with a point and at most four decimals`,
    );
  return Number(text);
}

function unreadable(reason: string): AppError {
  return refusal('csv_invalid', reason);
}
