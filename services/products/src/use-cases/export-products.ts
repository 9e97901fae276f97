import { refusal } from '@souk/contracts';
import type { ProductsContext } from '../context.ts';
import { type ExportNames, type ExportStyle, exportHeader, exportLine } from '../domain/export-row.ts';
import { exportedProducts, memberNames } from '../store/exports.ts';

/** Products in memory at once, for each export. */
const pieceMax = 200;
/** Columns of attributes and of options; a file with more is none that a person or a spreadsheet can read. */
const namesMax = 1_000;

/** The catalogue as pieces of a CSV file, each read when the one before was taken. Throws `overloaded`. */
export async function exportProducts(ctx: ProductsContext, style: ExportStyle): Promise<AsyncGenerator<string>> {
  const names = await ctx.scans.run(() => columnsOf(ctx));
  return piecesOf(ctx, names, style);
}

async function columnsOf({ db }: ProductsContext): Promise<ExportNames> {
  const found = await memberNames(db, namesMax + 1);
  if (found.length > namesMax)
    throw refusal('overloaded', `There are more than ${namesMax} attributes and options: read the products by pages.`);
  const named = (member: string): string[] => found.filter((one) => one.member === member).map(({ name }) => name);
  return { attributes: named('attributes'), options: named('options') };
}

async function* piecesOf({ db }: ProductsContext, names: ExportNames, style: ExportStyle): AsyncGenerator<string> {
  yield exportHeader(names, style);
  for (let after: string | undefined; ; ) {
    const products = await exportedProducts(db, after, pieceMax);
    if (products.length > 0) yield products.map((product) => exportLine(product, names, style)).join('');
    if (products.length < pieceMax) return;
    after = products.at(-1)?.id;
  }
}
