/** A row of an export of Shopify, of both of its generations. */
import { type Cells, RowRefused, readImage, readQuantity, readSku, readStatus, refuseSpreadsheetForms, shown } from './import-cells.ts';
import type { ImportColumns } from './import-columns.ts';
import { groupId, listed, type RowDraft, type RowParts } from './import-draft.ts';
import type { SharedCells } from './import-handles.ts';
import { plainText } from './plain-text.ts';

/** Undefined for a row that only adds a picture. */
export function readShopifyRow({ columns, cells, row, handles }: RowParts): RowDraft | undefined {
  const handle = cells('handle');
  if (handle === '') throw new RowRefused('the handle is missing');
  const shared = sharedCells(columns, cells, row, handles.recall(handle));
  const values = [cells('option1_value'), cells('option2_value'), cells('option3_value')];
  if (cells('title') === '' && values.every((value) => value === '') && cells('price') === '' && cells('sku') === '') return undefined;
  if (shared.title === '') throw new RowRefused(`no row above has the title of the handle ${shown(handle)}`);
  handles.keep(handle, shared);
  const options = optionsOf(shared.option_names, values);
  const variant = Object.values(options).join(' / ');
  return {
    handle,
    derive_from: handle,
    status: shared.status,
    quantity: readQuantity(cells('quantity')),
    content: {
      sku: readSku(cells('sku')),
      name: variant === '' ? shared.title : `${shared.title} – ${variant}`,
      ...(shared.description !== undefined && { description: shared.description }),
      ...(hasCategory(columns) && { category: shared.category }),
      ...(columns.at.image !== undefined && { image_url: readImage(cells('variant_image') || cells('image') || shared.image) }),
      attributes: variantAttributes(shared.attributes, cells),
      group_id: variant === '' ? null : groupId(handle),
      options,
    },
  };
}

/** What the row says of the whole product, and where it is silent, what the first row of the handle said. */
function sharedCells(columns: ImportColumns, cells: Cells, row: readonly string[], first: SharedCells | undefined): SharedCells {
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
  const options = new Map<string, string>();
  values.forEach((value, index) => {
    const name = names[index] || `Option ${index + 1}`;
    const placeholder = value.toLowerCase() === 'default title' && /^(title|option 1)$/i.test(name);
    // Two options of one name are two options.
    if (value !== '' && !placeholder) options.set(options.has(name) ? `${name} ${index + 1}` : name, value);
  });
  return Object.fromEntries(options);
}

function variantAttributes(shared: Readonly<Record<string, string>>, cells: Cells): Record<string, string> {
  const grams = cells('grams');
  const barcode = cells('barcode').replace(/^'/, '');
  refuseSpreadsheetForms('barcode', barcode);
  return { ...shared, ...listed({ barcode, weight: /^0*(\.0*)?$/.test(grams) ? '' : `${grams} g` }) };
}
