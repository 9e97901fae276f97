/** The catalogue as a CSV file in Souk's own columns: what the import reads, it writes. */
import { minorToDecimal } from '@souk/kernel';
import type { StockedProduct } from './product.ts';

/** The names that attributes and options have in the file, in order. */
export interface ExportNames {
  attributes: readonly string[];
  options: readonly string[];
}

export interface ExportStyle {
  /** For a spreadsheet: what would be run as a formula there is made a text. */
  defuse: boolean;
}

const plainColumns = [
  ...['sku', 'name', 'description', 'price', 'currency', 'category', 'image_url', 'tax_class', 'weight_g', 'group', 'handle', 'status'],
  'stock_quantity',
];
/** Spreadsheets take cells that begin so as formulas; a byte order mark is how they know UTF-8. */
const formulaStart = /^[=+\-@\t\r]/;
const byteOrderMark = '\ufeff';

export function exportHeader(names: ExportNames, { defuse }: ExportStyle): string {
  const lists = [...names.attributes.map((name) => `attribute:${name}`), ...names.options.map((name) => `option:${name}`)];
  return `${defuse ? byteOrderMark : ''}${lineOf([...plainColumns, ...lists], { defuse })}`;
}

export function exportLine(product: StockedProduct, { attributes, options }: ExportNames, style: ExportStyle): string {
  const { sku, name, description, price, currency, category, image_url, tax_class, weight_g, group_id, handle, status, stock_quantity } =
    product;
  const amount = minorToDecimal(price, currency);
  return lineOf(
    [
      ...[
        sku,
        name,
        description,
        amount,
        currency,
        category ?? '',
        image_url ?? '',
        tax_class ?? '',
        String(weight_g ?? ''),
        group_id ?? '',
        handle ?? '',
        status,
        String(stock_quantity),
      ],
      ...attributes.map((member) => textOf(product.attributes, member)),
      ...options.map((member) => textOf(product.options, member)),
    ],
    style,
  );
}

function textOf(texts: Readonly<Record<string, string>>, member: string): string {
  return Object.hasOwn(texts, member) ? (texts[member] ?? '') : '';
}

function lineOf(cells: readonly string[], { defuse }: ExportStyle): string {
  return `${cells.map((cell) => quoted(defuse && formulaStart.test(cell) ? `'${cell}` : cell)).join(',')}\r\n`;
}

/** RFC 4180. */
function quoted(cell: string): string {
  return /[",\r\n;]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
