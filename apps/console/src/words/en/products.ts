import { counted } from './english.ts';

export const products = {
  find: 'Find products',
  nothing: (q: string) => `Nothing is called “${q}”.`,
  empty: 'The catalogue is empty.',
  sku: 'SKU',
  category: 'Category',
  in_stock: 'To be had',
  in_shop: 'See it in the shop',
  fields: 'Fields',
  name: 'Name',
  description: 'Description',
  save: 'Save',
  discard: 'Take back',
  unsaved: (count: number) => counted(count, '# field has changed and is not saved.', '# fields have changed and are not saved.'),
  conflict: 'This product was changed meanwhile. Choose what each field shall hold; nothing has been saved yet.',
  field: 'Field',
  mine: 'Yours',
  theirs: 'In the shop now',
  go_on: 'Go on with what is chosen',
  field_names: { name: 'Name', sku: 'SKU', price: 'Price', category: 'Category', description: 'Description' },
};
