/** SQL of the catalogue's rows. Everything takes many rows at once; one product is a list of one. */
import type { Queryable, Tx } from '@souk/postgres';
import type { ProductRecord, StockedProduct } from '../domain/product.ts';
import { type SearchDocument, searchDocument, vocabularyOfDocuments } from '../domain/search-document.ts';
import { learnWords } from './search-words.ts';

const contentColumns =
  'id, sku, name, description, price, currency, category, image_url, attributes, group_id, options, images, tax_class, weight_g, status, version, handle, import_status, sku_derived, created_at, updated_at';
const rowType = `id uuid, sku text, name text, description text, price bigint, currency text, category text, image_url text, attributes jsonb, group_id uuid,
  options jsonb, images jsonb, tax_class text, weight_g integer, status text, version integer, handle text, import_status text, sku_derived boolean, created_at timestamptz, updated_at timestamptz,
  sort_name text, named text, described text, detailed text, verbatim tsvector`;
const document = `setweight(to_tsvector('english', named), 'A') || setweight(to_tsvector('english', described), 'B') || setweight(to_tsvector('english', detailed), 'D') || verbatim`;
/** Grows with each change of what the document is made of; older documents are made anew. */
const documentRules = 2;

/** The columns of a product with its stock, `p` being products and `s` product_stock. */
export const stockedColumns = `${contentColumns
  .split(', ')
  .map((column) => `p.${column}`)
  .join(', ')}, s.stock_quantity`;

export function productKey(id: string): string {
  return `products:product:${id}`;
}

/** Every cached list carries this tag. */
export const listTag = 'products:list';
export const categoriesKey = 'products:categories:all';
/** Those without products among them. */
export const allCategoriesKey = 'products:categories:whole';

export async function findProduct(db: Queryable, id: string): Promise<StockedProduct | undefined> {
  const rows = await db.query<StockedProduct>(
    `select ${stockedColumns} from products p join product_stock s on s.product_id = p.id where p.id = $1`,
    [id],
  );
  return rows[0];
}

export function findProducts(db: Queryable, ids: readonly string[]): Promise<StockedProduct[]> {
  return db.query<StockedProduct>(
    `select ${stockedColumns} from products p join product_stock s on s.product_id = p.id where p.id = any($1::uuid[])`,
    [ids],
  );
}

/** Which product has this SKU. */
export async function findHolder(db: Queryable, sku: string): Promise<Pick<ProductRecord, 'id' | 'status'> | undefined> {
  const rows = await db.query<Pick<ProductRecord, 'id' | 'status'>>('select id, status from products where sku = $1', [sku]);
  return rows[0];
}

/** Products that changed since then, in order of id after `after`. */
export function changedSince(db: Queryable, page: { since: string; after: string | undefined; limit: number }): Promise<StockedProduct[]> {
  return db.query<StockedProduct>(
    `select ${stockedColumns} from products p join product_stock s on s.product_id = p.id
     where p.updated_at >= $1::timestamptz and ($2::uuid is null or p.id > $2) order by p.id limit $3`,
    [page.since, page.after ?? null, page.limit],
  );
}

/** The row, locked until the end of the transaction. */
export async function lockProduct(tx: Tx, id: string): Promise<StockedProduct | undefined> {
  const rows = await tx.query<StockedProduct>(
    `select ${stockedColumns} from products p join product_stock s on s.product_id = p.id where p.id = $1 for update of p`,
    [id],
  );
  return rows[0];
}

/** The rows of these ids and SKUs, locked in order of id. */
export function lockProductsNamed(tx: Tx, ids: readonly string[], skus: readonly string[]): Promise<StockedProduct[]> {
  return tx.query<StockedProduct>(
    `select ${stockedColumns} from products p join product_stock s on s.product_id = p.id
     where p.id = any($1::uuid[]) or p.sku = any($2::text[]) order by p.id for update of p`,
    [ids, skus],
  );
}

/** The rows of these SKUs and all of these handles, locked in order of id. */
export function lockProductsOf(tx: Tx, skus: readonly string[], handles: readonly string[]): Promise<ProductRecord[]> {
  return tx.query<ProductRecord>(
    `select ${contentColumns} from products where sku = any($1::text[]) or handle = any($2::text[]) order by id for update`,
    [skus, handles],
  );
}

export async function insertProducts(tx: Tx, products: readonly ProductRecord[], quantities: readonly number[]): Promise<void> {
  if (products.length === 0) return;
  const documents = products.map(searchDocument);
  await Promise.all([
    tx.query(
      `insert into products (${contentColumns}, grouped_version, sort_name, document, document_rules)
       select ${contentColumns}, version, sort_name, ${document}, ${documentRules} from json_to_recordset($1::json) as given (${rowType})`,
      [rowsJson(products, documents)],
    ),
    tx.query(
      'insert into product_stock (product_id, stock_quantity, stock_version) select id, quantity, 0 from unnest($1::uuid[], $2::bigint[]) as given (id, quantity)',
      [products.map((product) => product.id), quantities],
    ),
    learnWords(tx, vocabularyOfDocuments(documents)),
  ]);
}

/** Writes rows the transaction has locked. */
export async function updateProducts(tx: Tx, products: readonly ProductRecord[]): Promise<void> {
  if (products.length === 0) return;
  const documents = products.map(searchDocument);
  await Promise.all([
    tx.query(
      `update products p set sku = g.sku, name = g.name, description = g.description, price = g.price, currency = g.currency, category = g.category,
         image_url = g.image_url, attributes = g.attributes, group_id = g.group_id, options = g.options, images = g.images, tax_class = g.tax_class, weight_g = g.weight_g, status = g.status, version = g.version, grouped_version = g.version,
         handle = g.handle, import_status = g.import_status, sku_derived = g.sku_derived, updated_at = g.updated_at, sort_name = g.sort_name, document = ${document}, document_rules = ${documentRules}
       from json_to_recordset($1::json) as g (${rowType}) where p.id = g.id`,
      [rowsJson(products, documents)],
    ),
    learnWords(tx, vocabularyOfDocuments(documents)),
  ]);
}

/** Products whose document was made by older rules, locked; those that another transaction holds are left to it. */
export function lockOlderDocuments(tx: Tx, most: number): Promise<ProductRecord[]> {
  return tx.query<ProductRecord>(
    `select ${contentColumns} from products where document_rules < ${documentRules} order by id limit $1 for update skip locked`,
    [most],
  );
}

/** Writes the documents of rows the transaction has locked; the products themselves stay as they are. */
export async function renewDocuments(tx: Tx, products: readonly ProductRecord[]): Promise<void> {
  const documents = products.map(searchDocument);
  await Promise.all([
    tx.query(
      `update products p set sort_name = g.sort_name, document = ${document}, document_rules = ${documentRules}
       from json_to_recordset($1::json) as g (${rowType}) where p.id = g.id`,
      [rowsJson(products, documents)],
    ),
    learnWords(tx, vocabularyOfDocuments(documents)),
  ]);
}

/** Notes what a file said of products whose version stays. */
export async function noteImport(tx: Tx, products: readonly ProductRecord[]): Promise<void> {
  if (products.length === 0) return;
  await tx.query(
    `update products p set handle = g.handle, import_status = g.import_status, sku_derived = g.sku_derived
     from json_to_recordset($1::json) as g (id uuid, handle text, import_status text, sku_derived boolean) where p.id = g.id`,
    [JSON.stringify(products.map(({ id, handle, import_status, sku_derived }) => ({ id, handle, import_status, sku_derived })))],
  );
}

export async function isCatalogueEmpty(db: Queryable): Promise<boolean> {
  const rows = await db.query<{ filled: boolean }>('select exists (select from products) as filled');
  return rows[0]?.filled !== true;
}

export async function hasMark(db: Queryable, mark: string): Promise<boolean> {
  const rows = await db.query('select from catalogue_marks where mark = $1', [mark]);
  return rows.length > 0;
}

/** Whether this was the first time the mark is set. */
export async function setMark(tx: Tx, mark: string, at: string): Promise<boolean> {
  const rows = await tx.query('insert into catalogue_marks (mark, marked_at) values ($1, $2) on conflict do nothing returning mark', [
    mark,
    at,
  ]);
  return rows.length > 0;
}

function rowsJson(products: readonly ProductRecord[], documents: readonly SearchDocument[]): string {
  return JSON.stringify(products.map((product, index) => ({ ...product, ...documents[index] })));
}
