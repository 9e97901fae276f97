import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exportHeader, exportLine } from './export-row.ts';
import { newProduct } from './product.ts';

const product = {
  ...newProduct(
    {
      ...{ sku: '-12', name: '=HYPERLINK("x")', description: 'One,\ntwo', price: 1_995, currency: 'EUR', category: null, image_url: null },
      ...{ attributes: { wood: '@oak' }, group_id: null, options: { size: '+1' } },
      ...{ tax_class: 'books', weight_g: 250 },
    },
    { id: '01a22679-3406-7be5-b100-9998302fb4fc', now_ms: 0 },
  ),
  stock_quantity: 3,
};
const names = { attributes: ['wood', 'constructor'], options: ['size'] };

test('a product is a line in the columns of the import', () => {
  const style = { defuse: false };
  assert.equal(
    exportHeader(names, style) + exportLine(product, names, style),
    'sku,name,description,price,currency,category,image_url,tax_class,weight_g,group,handle,status,stock_quantity,attribute:wood,attribute:constructor,option:size\r\n' +
      '-12,"=HYPERLINK(""x"")","One,\ntwo",19.95,EUR,,,books,250,,,active,3,@oak,,+1\r\n',
  );
});

test('a spreadsheet gets no formula', () => {
  const style = { defuse: true };
  assert.equal(exportHeader(names, style).charCodeAt(0), 0xfeff);
  assert.equal(exportLine(product, names, style), `'-12,"'=HYPERLINK(""x"")","One,\ntwo",19.95,EUR,,,books,250,,,active,3,'@oak,,'+1\r\n`);
});
