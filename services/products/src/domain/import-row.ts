/** One row of a file becomes a product, a picture that belongs to one, or a refusal with its reason. */
import { beginningOf, derivedUuid, isUuid } from '@souk/kernel';
import {
  type Cells,
  cellsOf,
  checkLimits,
  RowRefused,
  readCurrency,
  readImage,
  readPrice,
  readQuantity,
  readStatus,
  shown,
} from './import-cells.ts';
import type { ImportColumns } from './import-columns.ts';
import { createHandleMemory, type HandleMemory, type SharedFacts } from './import-handles.ts';
import { oneLine, plainText, tidied } from './plain-text.ts';
import type { ProductContent, ProductStatus } from './product.ts';
import { skuFromHandle } from './sku.ts';

/** A product as a file tells it; members whose column the file lacks are absent. */
export interface ImportedProduct {
  line: number;
  handle: string | null;
  content: Partial<ProductContent> & Pick<ProductContent, 'sku' | 'name' | 'price' | 'currency'>;
  /** The file had no SKU; this one was made of handle and options. */
  sku_derived: boolean;
  status: ProductStatus;
  /** Only counts when the product is created. */
  quantity: number;
}

export type RowOutcome =
  | { kind: 'product'; product: ImportedProduct }
  | { kind: 'refused'; reason: string; handle?: string }
  | { kind: 'nothing' };

export interface RowReader {
  read(line: number, row: readonly string[]): RowOutcome;
}

const attributeMax = 300;

/** Reads the rows of one file, from first to last: later rows of a handle inherit from its first. */
export function createRowReader(columns: ImportColumns, options: { shop_currency: string }): RowReader {
  const handles = createHandleMemory();
  const lineOfSku = new Map<string, number>();
  return {
    read(line, row) {
      if (row.every((cell) => cell.trim() === '')) return { kind: 'nothing' };
      const cells = cellsOf(columns, row);
      const handle = cells('handle');
      try {
        checkShape(columns, row);
        const product = columns.kind === 'shopify' ? shopifyProduct(columns, cells, row, handles) : soukProduct(columns, cells, row);
        if (product === undefined) return { kind: 'nothing' };
        const imported = {
          line,
          ...product,
          content: { ...product.content, currency: readCurrency(cells('currency'), options.shop_currency), price: 0 },
        };
        imported.content.price = readPrice(cells('price'), imported.content.currency);
        checkLimits(imported.content);
        claimSku(lineOfSku, imported.content.sku, line);
        return { kind: 'product', product: imported };
      } catch (error) {
        if (error instanceof RowRefused)
          return { kind: 'refused', reason: error.message, ...(handle !== '' && { handle: beginningOf(handle, attributeMax) }) };
        throw error;
      }
    },
  };
}

function checkShape(columns: ImportColumns, row: readonly string[]): void {
  if (row.some((cell) => cell.includes('\ufffd'))) throw new RowRefused('there are bytes that are not UTF-8; save the file as UTF-8');
  if (row.slice(columns.count).some((cell) => cell.trim() !== '')) {
    throw new RowRefused(`there are ${row.length} cells for ${columns.count} columns; a quotation mark or separator is wrong`);
  }
}

function claimSku(lineOfSku: Map<string, number>, sku: string, line: number): void {
  const first = lineOfSku.get(sku);
  if (first !== undefined) throw new RowRefused(`the SKU ${shown(sku)} is in line ${first} already`);
  lineOfSku.set(sku, line);
}

type Draft = Omit<ImportedProduct, 'line' | 'content'> & { content: Partial<ProductContent> & Pick<ProductContent, 'sku' | 'name'> };

/** Undefined for a row that only adds a picture. */
function shopifyProduct(columns: ImportColumns, cells: Cells, row: readonly string[], handles: HandleMemory): Draft | undefined {
  const handle = cells('handle');
  if (handle === '') throw new RowRefused('the handle is missing');
  const facts = sharedFacts(columns, cells, row, handles.recall(handle));
  const values = [cells('option1_value'), cells('option2_value'), cells('option3_value')];
  if (cells('title') === '' && values.every((value) => value === '') && cells('price') === '' && cells('sku') === '') return undefined;
  if (facts.title === '') throw new RowRefused(`no row above has the title of the handle ${shown(handle)}`);
  handles.keep(handle, facts);
  const options = optionsOf(facts.option_names, values);
  const variant = Object.values(options).join(' / ');
  const given = cells('sku').replace(/^'/, '').trim();
  return {
    handle,
    sku_derived: given === '',
    status: facts.status,
    quantity: readQuantity(cells('quantity')),
    content: {
      sku: given || skuFromHandle(handle, options),
      name: variant === '' ? facts.title : `${facts.title} – ${variant}`,
      ...(facts.description !== undefined && { description: facts.description }),
      ...(hasCategory(columns) && { category: facts.category }),
      ...(columns.at.image !== undefined && { image_url: readImage(cells('variant_image') || cells('image') || facts.image) }),
      attributes: variantAttributes(facts.attributes, cells),
      group_id: variant === '' ? null : groupId(handle),
      options,
    },
  };
}

/** What the row says of the whole product, and where it is silent, what the first row of the handle said. */
function sharedFacts(columns: ImportColumns, cells: Cells, row: readonly string[], first: SharedFacts | undefined): SharedFacts {
  const title = cells('title');
  const names = [cells('option1_name'), cells('option2_name'), cells('option3_name')];
  if (title === '' && first) return { ...first, option_names: names.map((name, index) => name || first.option_names[index] || '') };
  const body = row[columns.at.body ?? -1];
  const description = body === undefined ? undefined : plainText(body);
  return {
    title: title || (first?.title ?? ''),
    description: description === '' && first?.description ? first.description : description,
    category: categoryOf(cells) ?? first?.category ?? null,
    image: cells('image') || (first?.image ?? ''),
    status: cells('status') === '' && cells('published') === '' && first ? first.status : readStatus(cells('status'), cells('published')),
    attributes: { ...first?.attributes, ...listed({ vendor: cells('vendor'), tags: cells('tags') }) },
    option_names: names.map((name, index) => name || first?.option_names[index] || ''),
  };
}

function hasCategory({ at }: ImportColumns): boolean {
  return [at.type, at.product_category, at.google_category, at.tags].some((column) => column !== undefined);
}

/** The shop's own type, else the last step of the standard category, else the first tag. */
function categoryOf(cells: Cells): string | null {
  const standard = [cells('product_category'), cells('google_category')].find((path) => path !== '' && !/^\d+$/.test(path));
  return cells('type') || standard?.split('>').at(-1)?.trim() || cells('tags').split(',')[0]?.trim() || null;
}

/** "Title: Default Title" is how Shopify says that there are no variants. */
function optionsOf(names: readonly string[], values: readonly string[]): Record<string, string> {
  const options: Record<string, string> = {};
  values.forEach((value, index) => {
    const name = names[index] || `Option ${index + 1}`;
    const placeholder = value.toLowerCase() === 'default title' && /^(title|option 1)$/i.test(name);
    if (value !== '' && !placeholder) options[name] = value;
  });
  return options;
}

function variantAttributes(shared: Readonly<Record<string, string>>, cells: Cells): Record<string, string> {
  const grams = cells('grams');
  const barcode = cells('barcode').replace(/^'/, '');
  return { ...shared, ...listed({ barcode, weight: /^0*(\.0*)?$/.test(grams) ? '' : `${grams} g` }) };
}

/** What is not empty, cut to what an attribute may hold. */
function listed(texts: Readonly<Record<string, string>>): Record<string, string> {
  const kept = Object.entries(texts).filter(([, value]) => value !== '');
  return Object.fromEntries(kept.map(([name, value]) => [name, [...value].slice(0, attributeMax).join('')]));
}

function soukProduct(columns: ImportColumns, cells: Cells, row: readonly string[]): Draft {
  const name = cells('title');
  if (name === '') throw new RowRefused('the name is missing');
  const texts = (list: ImportColumns['options']) =>
    Object.fromEntries(list.map(({ name: member, at }) => [member, oneLine(row[at] ?? '')]).filter(([, value]) => value !== ''));
  const options = texts(columns.options) as Record<string, string>;
  const group = cells('group');
  const sku = cells('sku');
  return {
    handle: cells('handle') || group || null,
    sku_derived: false,
    status: readStatus(cells('status'), ''),
    quantity: readQuantity(cells('quantity')),
    content: {
      sku: sku || skuFromHandle(group || name, options),
      name,
      ...(columns.at.body !== undefined && { description: tidied(row[columns.at.body] ?? '') }),
      ...(columns.at.type !== undefined && { category: cells('type') || null }),
      ...(columns.at.image !== undefined && { image_url: readImage(cells('image')) }),
      ...(columns.attributes.length > 0 && { attributes: texts(columns.attributes) as Record<string, string> }),
      ...(columns.at.group !== undefined && { group_id: group === '' ? null : groupId(group) }),
      ...(columns.options.length > 0 && { options }),
    },
  };
}

/** The same group for the same handle, in whatever file it comes. */
function groupId(handle: string): string {
  return isUuid(handle) ? handle : derivedUuid('souk product group', handle);
}
