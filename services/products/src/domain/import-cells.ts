/** Reading single cells: a value, or the reason why it is none. */
import { fields } from '@souk/contracts';
import { AppError, beginningOf, decimalToMinor, isCurrency, normalCode } from '@souk/kernel';
import type { ImportColumns } from './import-columns.ts';
import type { ImportField } from './import-dialects.ts';
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

/** Longest text that is looked at as a price or a quantity. */
const numberLengthMax = 60;

/** Minor units. Thousands separators and decimal commas are refused, because 1,234 may mean two things. */
export function readPrice(text: string, currency: string): number {
  if (text === '') throw new RowRefused('the price is missing');
  if (text.length > numberLengthMax) throw new RowRefused(`the price ${shown(text)} is too long for a decimal number`);
  refuseSpreadsheetError('price', text);
  if (/^[-\u2212(]/.test(text)) throw new RowRefused(`the price ${shown(text)} is below zero`);
  if (!/^\d+(\.\d+)?$/.test(text)) throw new RowRefused(`the price ${shown(text)} is not a decimal number${priceHint(text)}`);
  try {
    return decimalToMinor(text, currency);
  } catch (error) {
    if (error instanceof AppError) throw new RowRefused(`the price ${shown(text)} is refused: ${error.message}`, { cause: error });
    throw error;
  }
}

/** What to write instead, where that is known. */
function priceHint(text: string): string {
  const number = text.replace(/[\p{Sc}\p{L}\s]/gu, '');
  const hints: string[] = [];
  if (/[\p{Sc}\p{L}]/u.test(text) && /\d/.test(text))
    hints.push('write the number alone, like 19.99, and its currency in the column currency');
  if (/[,'\u2019]|\d\s\d/u.test(text)) hints.push('write it without thousands separators and with a point, like 1234.50');
  else if (/^\.\d+$/.test(number)) hints.push(`write a digit before the point: 0${number}`);
  else if (/^\d+\.$/.test(text)) hints.push(`write it without the point: ${text.slice(0, -1)}`);
  return hints.length === 0 ? '' : `; ${hints.join('; ')}`;
}

/** An SKU as it stands in the file, refused when a spreadsheet has made something else of it. */
export function readSku(text: string): string {
  const sku = normalCode(text.startsWith("'") ? text.slice(1) : text);
  refuseSpreadsheetForms('SKU', sku);
  return sku;
}

const errorValue = /^#(?:N\/A|REF!|NAME\?|VALUE!|DIV\/0!|NULL!|NUM!|SPILL!|CALC!)$/i;

function refuseSpreadsheetError(what: string, text: string): void {
  if (errorValue.test(text))
    throw new RowRefused(`the ${what} ${shown(text)} is an error of a spreadsheet; correct the cell there and export again`);
}

/** A text that identifies something must be as it was written: not a formula, nor a number that was cut short. */
export function refuseSpreadsheetForms(what: string, text: string): void {
  refuseSpreadsheetError(what, text);
  const quoted = /^="([^"]*)"?$/.exec(text)?.[1];
  if (quoted !== undefined)
    throw new RowRefused(`the ${what} ${shown(text)} is a formula; write ${quoted} alone, in a column formatted as text`);
  if (text.startsWith('=')) throw new RowRefused(`the ${what} ${shown(text)} is a formula; write the text itself`);
  if (/^\d(?:[.,]\d+)?e\+\d+$/i.test(text))
    throw new RowRefused(`the ${what} ${shown(text)} was cut short by a spreadsheet; format its column as text and write all digits`);
}

/** Pieces; an oversold product (below zero) has none. */
export function readQuantity(text: string): number {
  if (text === '') return 0;
  refuseSpreadsheetError('quantity', text);
  if (!/^-?\d{1,15}(\.0+)?$/.test(text)) throw new RowRefused(`the quantity ${shown(text)} is not a whole number`);
  const quantity = Math.max(0, Number(text));
  if (quantity > quantityMax) throw new RowRefused(`the quantity ${shown(text)} is larger than ${quantityMax}`);
  return quantity;
}

/** Of stock, as `GET /api/stock` says it. */
export function readVersion(text: string): number | undefined {
  if (text === '') return undefined;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new RowRefused(`the stock version ${shown(text)} is not a whole number`);
  return Number(text);
}

const taxClassForm = new RegExp((fields.TaxClass as { pattern?: string }).pattern ?? '^$');
const weightMax = 1_000_000;

export function readTaxClass(text: string): string | null {
  if (text === '') return null;
  if (!taxClassForm.test(text)) throw new RowRefused(`the class of tax ${shown(text)} is not of lower-case letters, such as reduced`);
  return text;
}

/** Whole grams. */
export function readWeight(text: string): number | null {
  if (text === '') return null;
  if (!/^\d{1,7}$/.test(text) || Number(text) > weightMax)
    throw new RowRefused(`the weight ${shown(text)} is not a number of whole grams up to ${weightMax}`);
  return Number(text);
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
  const hidden = /^(?:false|no|0|-1|2|n)$/i.test(published);
  return hidden || word === 'draft' || word === 'archived' ? 'archived' : 'active';
}

const imageForm = new RegExp((fields.ImageUrl as { pattern?: string }).pattern ?? '^$', 'u');
const imageLengthMax = 2_000;

/** An address whose scheme is left out, as Shopify writes them, is one of https. */
export function readImage(text: string): string | null {
  if (text === '') return null;
  if (text.length > imageLengthMax) throw new RowRefused(`the image address has more than ${imageLengthMax} characters`);
  const url = (text.startsWith('//') ? `https:${text}` : text).replaceAll(' ', '%20');
  if (!imageForm.test(url)) throw new RowRefused(`the image address ${shown(text)} is no http(s) address`);
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
