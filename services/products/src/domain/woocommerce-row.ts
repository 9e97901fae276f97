/**
 * A row of an export of WooCommerce: simple products and variations are sold; the row of a variable product is what its
 * variations have in common.
 */
import { RowRefused, readImage, readQuantity, readSku, readStatus, refuseSpreadsheetForms, shown } from './import-cells.ts';
import { firstCategory, groupId, listed, type RowDraft, type RowParts } from './import-draft.ts';
import type { SharedCells } from './import-handles.ts';
import { oneLine, plainText } from './plain-text.ts';

/** Undefined for the row of a variable product. */
export function readWoocommerceRow(parts: RowParts): RowDraft | undefined {
  const { columns, cells, handles } = parts;
  const kinds = cells('row_type').toLowerCase().split(',').map(oneLine);
  const own = ownCells(parts);
  const sku = readSku(cells('sku'));
  if (own.title === '') throw new RowRefused('the name is missing');
  if (kinds.includes('variable')) {
    for (const reference of [sku, `id:${cells('row_id')}`]) if (reference !== '' && reference !== 'id:') handles.keep(reference, own);
    return undefined;
  }
  const unsold = kinds.find((kind) => kind === 'grouped' || kind === 'external');
  if (unsold !== undefined) throw new RowRefused(`a product of the type ${unsold} is not sold by itself`);
  const parent = cells('parent');
  const isVariation = kinds.includes('variation');
  if (isVariation && parent === '') throw new RowRefused('the variation names no parent');
  const shared = isVariation ? handles.recall(parent) : undefined;
  const texts = attributesOf(parts);
  const description = own.description || shared?.description;
  return {
    handle: isVariation ? parent : own.title,
    derive_from: isVariation ? (shared?.title ?? own.title) : own.title,
    status: readStatus('', cells('published')),
    quantity: readQuantity(cells('quantity')),
    content: {
      sku,
      name: own.title,
      ...((columns.at.body ?? columns.at.short_body) !== undefined && { description: description ?? '' }),
      ...((columns.at.categories ?? columns.at.tags) !== undefined && { category: own.category ?? shared?.category ?? null }),
      ...(columns.at.images !== undefined && { image_url: readImage(own.image || (shared?.image ?? '')) }),
      attributes: isVariation ? { ...shared?.attributes, ...own.attributes } : { ...own.attributes, ...texts },
      group_id: isVariation ? groupId(parent) : null,
      options: isVariation ? texts : {},
    },
  };
}

/** What a row says, for itself or for the variations below it. */
function ownCells({ columns, cells, row }: RowParts): SharedCells {
  const body = (at: number | undefined): string => (at === undefined ? '' : plainText((row[at] ?? '').replaceAll('\\n', '\n')));
  const barcode = cells('barcode');
  refuseSpreadsheetForms('barcode', barcode);
  const weight = cells('kilograms') === '' ? '' : `${cells('kilograms')} kg`;
  return {
    title: cells('title'),
    description: body(columns.at.body) || body(columns.at.short_body),
    category: firstCategory(cells('categories'), '>') ?? firstCategory(cells('tags'), '>'),
    image: cells('images').split(',')[0]?.trim() ?? '',
    status: 'active',
    attributes: listed({ vendor: cells('vendor'), tags: cells('tags'), barcode, weight }),
    option_names: [],
  };
}

/** "Attribute 1 name" and "Attribute 1 value(s)"; a variation has one value of each, a simple product perhaps a list. */
function attributesOf({ columns, row }: RowParts): Record<string, string> {
  const named = columns.pairs.map(({ name_at, value_at }) => [oneLine(row[name_at] ?? ''), oneLine(row[value_at] ?? '')] as const);
  const given = named.filter(([name, value]) => name !== '' && value !== '');
  const repeated = given.find(([name], index) => given.findIndex(([other]) => other === name) !== index);
  if (repeated) throw new RowRefused(`the attribute ${shown(repeated[0])} is given twice`);
  return listed(Object.fromEntries(given));
}
