/** The catalogue as staff look for something in it. */
import { useSignal } from '@preact/signals';
import { listProducts, type Product } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { pageOf } from '../../live/page-of.ts';
import { useEntity } from '../../live/use-resource.ts';
import { List } from '../../parts/list.tsx';
import { SearchForm } from '../../parts/search-form.tsx';
import { addressAt, type Place } from '../../router.ts';

export const ProductList: FunctionComponent<{ place: Place }> = ({ place }) => {
  const { words, formats } = useDesk();
  const { q } = place.query;
  const { products: said } = words;
  const typed = useSignal(q ?? '');
  const page = useEntity(
    listProducts,
    { query: { ...pageOf(place), ...(q !== undefined ? { q } : { sort: 'newest' as const }) } },
    { changedBy: ({ event_type }) => event_type.startsWith('product.') },
  );
  const columns = [
    {
      title: words.orders.product,
      cell: ({ id, name }: Product) => <a href={addressAt({ screen: 'products', entry: id })}>{name}</a>,
    },
    { title: said.sku, cell: ({ sku }: Product) => sku },
    { title: said.category, cell: ({ category }: Product) => category ?? words.none },
    { title: words.orders.price, is_number: true, cell: ({ price, currency }: Product) => formats.money(price, currency) },
    { title: said.in_stock, is_number: true, cell: ({ stock_quantity }: Product) => formats.count(stock_quantity) },
  ];
  return (
    <>
      <h1>{words.screens.products}</h1>
      <SearchForm label={said.find} typed={typed} />
      <List
        name={words.screens.products}
        from={page}
        columns={columns}
        keyOf={({ id }) => id}
        empty={q === undefined ? said.empty : said.nothing(q)}
      />
    </>
  );
};
