/** The catalogue as staff look for something in it. */
import { useSignal } from '@preact/signals';
import { listProducts } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { useEntity } from '../../live/use-resource.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Pager } from '../../parts/pager.tsx';
import { SearchForm } from '../../parts/search-form.tsx';
import { Table } from '../../parts/table.tsx';
import { addressAt, type Place } from '../../router.ts';

const rowsInPage = 50;

export const ProductList: FunctionComponent<{ place: Place }> = ({ place }) => {
  const { words, formats } = useDesk();
  const { q, cursor } = place.query;
  const { products: said } = words;
  const typed = useSignal(q ?? '');
  const page = useEntity(
    listProducts,
    { query: { limit: rowsInPage, ...(q !== undefined ? { q } : { sort: 'newest' as const }), ...(cursor !== undefined && { cursor }) } },
    { changedBy: ({ event_type }) => event_type.startsWith('product.') },
  );
  const columns = [
    { title: words.orders.product },
    { title: said.sku },
    { title: said.category },
    { title: words.orders.price, is_number: true },
    { title: said.in_stock, is_number: true },
  ];
  return (
    <>
      <h1>{words.screens.products}</h1>
      <SearchForm label={said.find} typed={typed} />
      <Loaded from={page}>
        {({ body, next_cursor }) =>
          body.length === 0 ? (
            <p class="empty">{q === undefined ? said.empty : said.nothing(q)}</p>
          ) : (
            <>
              <Table name={words.screens.products} columns={columns}>
                {body.map((product) => (
                  <tr key={product.id}>
                    <th scope="row">
                      <a href={addressAt({ screen: 'products', entry: product.id })}>{product.name}</a>
                    </th>
                    <td>{product.sku}</td>
                    <td>{product.category ?? words.none}</td>
                    <td class="number">{formats.money(product.price, product.currency)}</td>
                    <td class="number">{formats.count(product.stock_quantity)}</td>
                  </tr>
                ))}
              </Table>
              <Pager next_cursor={next_cursor} />
            </>
          )
        }
      </Loaded>
    </>
  );
};
