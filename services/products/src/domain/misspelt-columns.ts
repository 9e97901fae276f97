/** What an unknown column may have been meant for. */
import { slipsBetween } from '@souk/kernel';
import type { ImportDialect, ImportField } from './import-dialects.ts';

/** What people call a column instead, in lower case with nothing but letters and digits. */
const otherNames: Readonly<Partial<Record<ImportField, readonly string[]>>> = {
  quantity: [
    ...[
      'stock',
      'quantity',
      'quantities',
      'qty',
      'inventory',
      'instock',
      'onhand',
      'available',
      'availability',
      'pieces',
      'count',
      'units',
    ],
    ...[
      'stockqty',
      'stocklevel',
      'stockquantity',
      'stockcount',
      'stockonhand',
      'qtyonhand',
      'quantityonhand',
      'inventoryqty',
      'inventoryquantity',
    ],
    ...[
      'variantinventoryquantity',
      'variantquantity',
      'variantqty',
      'variantstock',
      'openingstock',
      'bestand',
      'menge',
      'lager',
      'cantidad',
      'existencias',
    ],
  ],
  price: [
    'priceeur',
    'priceusd',
    'unitprice',
    'saleprice',
    'retailprice',
    'sellingprice',
    'listprice',
    'amount',
    'preis',
    'prix',
    'precio',
    'prezzo',
    'preco',
  ],
  sku: [
    'skucode',
    'productcode',
    'itemcode',
    'itemnumber',
    'itemno',
    'articlenumber',
    'articleno',
    'partnumber',
    'productsku',
    'code',
    'artikelnummer',
  ],
  body: ['desc', 'details', 'body', 'bodyhtml', 'longdescription', 'productdescription', 'text', 'beschreibung'],
  type: ['type', 'producttype', 'productcategory', 'categories', 'category', 'department', 'kategorie'],
  image: ['image', 'images', 'imageurl', 'imagesrc', 'imagelink', 'picture', 'pictureurl', 'photo', 'photourl', 'img', 'imgurl', 'bild'],
  currency: ['currencycode', 'waehrung', 'wahrung', 'devise', 'moneda'],
  group: ['groupid', 'itemgroupid', 'parentsku', 'variantgroup'],
  title: ['title', 'productname', 'producttitle', 'itemname', 'product', 'item'],
  status: ['state', 'productstatus', 'published', 'active', 'visible'],
  handle: ['slug', 'producthandle'],
};

/** No column has a longer name; longer ones are not compared. */
const lettersMax = 60;
const slipsMax = 2;
const lengthOfTwoSlips = 7;
const lengthOfOneSlip = 4;

/** The column that an unknown one may have been meant for, when the file does not have that one; undefined when it is like none. */
export function meantBy(dialect: ImportDialect, name: string, at: Readonly<Partial<Record<ImportField, number>>>): string | undefined {
  const letters = lettersOf(name);
  if (letters === '' || letters.length > lettersMax) return undefined;
  const open = Object.entries(dialect.names).filter(([, field]) => at[field] === undefined);
  const called = open.find(([known, field]) => lettersOf(known) === letters || otherNames[field]?.includes(letters) === true);
  const misspelt = open.find(([known]) => slipsBetween(lettersOf(known), letters) <= slipsForgiven(lettersOf(known)));
  return (called ?? misspelt)?.[0];
}

function slipsForgiven({ length }: string): number {
  if (length >= lengthOfTwoSlips) return slipsMax;
  return length >= lengthOfOneSlip ? 1 : 0;
}

function lettersOf(name: string): string {
  return name.normalize('NFKD').replace(/[^\p{L}\p{N}]+/gu, '');
}
