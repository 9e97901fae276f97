/** A row of an export of Magento 2. What it says in other store views and by files of its own server is not taken. */
import { RowRefused, readImage, readQuantity, readSku, readStatus, shown } from './import-cells.ts';
import { firstCategory, listed, type RowDraft, type RowParts } from './import-draft.ts';
import { plainText } from './plain-text.ts';

const sold: ReadonlySet<string> = new Set(['', 'simple', 'virtual', 'downloadable']);

/** Undefined for a product that others are parts of; those have rows of their own. */
export function readMagentoRow({ columns, cells, row }: RowParts): RowDraft | undefined {
  const view = cells('store_view');
  if (view !== '' && view !== 'default' && view !== 'admin')
    throw new RowRefused(`the row is for the store view ${shown(view)}; only the default texts are imported`);
  const kind = cells('row_type').toLowerCase();
  if (['configurable', 'grouped', 'bundle'].includes(kind)) return undefined;
  if (!sold.has(kind)) throw new RowRefused(`a product of the type ${shown(kind)} is not known here`);
  const name = cells('title');
  if (name === '') throw new RowRefused('the name is missing');
  const body = (at: number | undefined): string => (at === undefined ? '' : plainText(row[at] ?? ''));
  const image = cells('image');
  const handle = cells('handle');
  return {
    handle: handle || name,
    derive_from: handle || name,
    status: readStatus('', cells('published')),
    quantity: readQuantity(cells('quantity')),
    content: {
      sku: readSku(cells('sku')),
      name,
      ...((columns.at.body ?? columns.at.short_body) !== undefined && {
        description: body(columns.at.body) || body(columns.at.short_body),
      }),
      ...(columns.at.categories !== undefined && { category: firstCategory(cells('categories'), '/') }),
      ...(/^https?:/.test(image) && { image_url: readImage(image) }),
      ...(columns.at.additional_attributes !== undefined && { attributes: listed(attributesOf(cells('additional_attributes'))) }),
    },
  };
}

/** `color=Red,size=M`: a comma inside a value belongs to it, because what follows has no equals sign. */
function attributesOf(text: string): Record<string, string> {
  const pairs: [string, string][] = [];
  for (const piece of text.split(',')) {
    const equals = piece.indexOf('=');
    const last = pairs.at(-1);
    if (equals > 0) pairs.push([piece.slice(0, equals).trim(), piece.slice(equals + 1).trim()]);
    else if (last) last[1] = `${last[1]},${piece}`;
  }
  return Object.fromEntries(pairs);
}
