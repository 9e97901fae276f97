/** A row in Souk’s own columns. */
import { RowRefused, readImage, readQuantity, readSku, readStatus, readTaxClass, readWeight } from './import-cells.ts';
import type { ImportColumns } from './import-columns.ts';
import { groupId, type RowDraft, type RowParts } from './import-draft.ts';
import { oneLine, tidied } from './plain-text.ts';

export function readSoukRow({ columns, cells, row }: RowParts): RowDraft {
  const name = cells('title');
  if (name === '') throw new RowRefused('the name is missing');
  const texts = (list: ImportColumns['options']): Record<string, string> =>
    Object.fromEntries(list.map(({ name: member, at }) => [member, oneLine(row[at] ?? '')]).filter(([, value]) => value !== ''));
  const group = cells('group');
  const sku = readSku(cells('sku'));
  const handle = cells('handle') || group;
  return {
    handle: handle || (sku === '' ? name : null),
    derive_from: group || name,
    status: readStatus(cells('status'), ''),
    quantity: readQuantity(cells('quantity')),
    content: {
      sku,
      name,
      ...(columns.at.body !== undefined && { description: tidied(row[columns.at.body] ?? '') }),
      ...(columns.at.type !== undefined && { category: cells('type') || null }),
      ...(columns.at.image !== undefined && { image_url: readImage(cells('image')) }),
      ...(columns.attributes.length > 0 && { attributes: texts(columns.attributes) }),
      ...(columns.at.group !== undefined && { group_id: group === '' ? null : groupId(group) }),
      ...(columns.options.length > 0 && { options: texts(columns.options) }),
      ...(columns.at.tax_class !== undefined && { tax_class: readTaxClass(cells('tax_class')) }),
      ...(columns.at.weight_g !== undefined && { weight_g: readWeight(cells('weight_g')) }),
    },
  };
}
