/** Reading single cells: a value, or the reason why it is none. */
import { AppError, beginningOf, decimalToMinor, isCurrency } from '@souk/kernel';
import type { ImportColumns, ImportField } from './import-columns.ts';
import { oneLine } from './plain-text.ts';
import type { ProductContent, ProductStatus } from './product.ts';

/** Why a row is refused; the sentence goes into the report. */
export class RowRefused extends Error {
  override readonly name = 'RowRefused';
}

export type Cells = (field: ImportField) => string;

const quantityMax = 1_000_000_000;
const shownMax = 60;

/** The cells of a row by field, each on one line; empty where the file has no such column. */
export function cellsOf(columns: ImportColumns, row: readonly string[]): Cells {
  return (field) => {
    const at = columns.at[field];
    return at === undefined ? '' : oneLine(row[at] ?? '');
  };
}

/** Minor units. Thousands separators and decimal commas are refused, because 1,234 may mean two things. */
export function readPrice(text: string, currency: string): number {
  if (text === '') throw new RowRefused('the price is missing');
  if (text.startsWith('-')) throw new RowRefused(`the price ${shown(text)} is below zero`);
  if (!/^\d+(\.\d+)?$/.test(text)) {
    const hint = text.includes(',') ? '; write it without thousands separators and with a point, like 1234.50' : '';
    throw new RowRefused(`the price ${shown(text)} is not a decimal number${hint}`);
  }
  try {
    return decimalToMinor(text, currency);
  } catch (error) {
    if (error instanceof AppError) throw new RowRefused(`the price ${shown(text)} is refused: ${error.message}`, { cause: error });
    throw error;
  }
}

/** Pieces; an oversold product (below zero) has none. */
export function readQuantity(text: string): number {
  if (text === '') return 0;
  if (!/^-?\d{1,15}(\.0+)?$/.test(text)) throw new RowRefused(`the quantity ${shown(text)} is not a whole number`);
  const quantity = Math.max(0, Number(text));
  if (quantity > quantityMax) throw new RowRefused(`the quantity ${shown(text)} is larger than ${quantityMax}`);
  return quantity;
}

export function readCurrency(text: string, otherwise: string): string {
  const currency = text === '' ? otherwise : text.toUpperCase();
  if (!isCurrency(currency)) throw new RowRefused(`the currency ${shown(text)} is not an ISO 4217 code`);
  return currency;
}

/** Drafts and what is not published are kept, but not sold. */
export function readStatus(status: string, published: string): ProductStatus {
  const word = status.toLowerCase();
  if (!['', 'active', 'draft', 'archived', 'unlisted'].includes(word))
    throw new RowRefused(`the status ${shown(status)} is none of active, draft and archived`);
  const hidden = /^(false|no|0|n)$/i.test(published);
  return hidden || word === 'draft' || word === 'archived' ? 'archived' : 'active';
}

export function readImage(text: string): string | null {
  if (text === '') return null;
  const url = (text.startsWith('//') ? `https:${text}` : text).replaceAll(' ', '%20');
  if (!/^(https?:\/\/|\/)\S*$/.test(url)) throw new RowRefused(`the image address ${shown(text)} is no http(s) address`);
  return url;
}

/** Holds the content to the limits of the contract. */
export function checkLimits({ sku, name, description, category, image_url, attributes, options }: Partial<ProductContent>): void {
  const limits: [string, string | null | undefined, number][] = [
    ['SKU', sku, 120],
    ['name', name, 300],
    ['description', description, 20_000],
    ['category', category, 120],
    ['image address', image_url, 2_000],
  ];
  for (const [what, text, most] of limits) {
    if (text && [...text].length > most) throw new RowRefused(`the ${what} has more than ${most} characters`);
  }
  for (const texts of [attributes ?? {}, options ?? {}]) {
    const entries = Object.entries(texts);
    if (entries.length > 50) throw new RowRefused('there are more than 50 attributes');
    const long = entries.find(([member, value]) => [...member].length > 60 || [...value].length > 300);
    if (long) throw new RowRefused(`the attribute or option ${shown(long[0])} is too long (60 characters for its name, 300 for its value)`);
  }
}

/** Data inside a sentence: quoted and cut short. */
export function shown(text: string): string {
  return JSON.stringify(text.length > shownMax ? `${beginningOf(text, shownMax)}…` : text);
}
