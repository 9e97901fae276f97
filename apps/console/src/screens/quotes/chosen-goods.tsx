/** The goods of a quote: found in the catalogue, and how many of each. */
import { type Signal, useSignal } from '@preact/signals';
import { listProducts, type Product } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { useEntity } from '../../live/use-resource.ts';
import { List, Rows } from '../../parts/list.tsx';
import { Panel } from '../../parts/panel.tsx';
import { SearchForm } from '../../parts/search-form.tsx';
import { type ChosenProduct, withProduct } from './quote-body.ts';

const foundMax = 5;
const piecesMax = 1_000;

export const ChosenGoods: FunctionComponent<{ chosen: Signal<readonly ChosenProduct[]> }> = ({ chosen }) => {
  const { words, router } = useDesk();
  const { quotes: said } = words;
  const { q } = router.place.value.query;
  const typed = useSignal(q ?? '');
  const columns = [
    { title: words.orders.product, cell: ({ product }: ChosenProduct) => product.name },
    { title: words.orders.pieces, is_number: true, cell: (each: ChosenProduct) => <Pieces each={each} chosen={chosen} /> },
    {
      title: words.list.actions,
      cell: ({ product }: ChosenProduct) => (
        <button
          type="button"
          class="button plain"
          aria-label={said.remove_of(product.name)}
          onClick={() => {
            chosen.value = chosen.value.filter((other) => other.product.id !== product.id);
          }}
        >
          {said.remove}
        </button>
      ),
    },
  ];
  return (
    <Panel title={said.goods}>
      <Rows name={said.goods} entries={chosen.value} columns={columns} keyOf={({ product }) => product.id} empty={said.none_chosen} />
      <SearchForm label={said.find} typed={typed} />
      {q !== undefined && <Found q={q} chosen={chosen} />}
    </Panel>
  );
};

const Found: FunctionComponent<{ q: string; chosen: Signal<readonly ChosenProduct[]> }> = ({ q, chosen }) => {
  const { words, formats } = useDesk();
  const { quotes: said } = words;
  const products = useEntity(listProducts, { query: { q, limit: foundMax } });
  const columns = [
    { title: words.orders.product, cell: ({ name }: Product) => name },
    { title: words.products.sku, cell: ({ sku }: Product) => sku },
    { title: words.orders.price, is_number: true, cell: ({ price, currency }: Product) => formats.money(price, currency) },
    {
      title: words.list.actions,
      cell: (product: Product) => (
        <button
          type="button"
          class="button plain"
          aria-label={said.add_of(product.name)}
          onClick={() => {
            chosen.value = withProduct(chosen.value, product);
          }}
        >
          {said.add}
        </button>
      ),
    },
  ];
  return <List name={said.found} from={products} columns={columns} keyOf={({ id }) => id} empty={said.nothing_found} />;
};

const Pieces: FunctionComponent<{ each: ChosenProduct; chosen: Signal<readonly ChosenProduct[]> }> = ({ each, chosen }) => {
  const { quotes: said } = useDesk().words;
  const { product } = each;
  return (
    <input
      class="input"
      type="number"
      min={1}
      max={piecesMax}
      aria-label={said.pieces_of(product.name)}
      value={each.quantity}
      onChange={({ currentTarget }) => {
        const quantity = Math.min(piecesMax, Math.max(1, Math.trunc(Number(currentTarget.value) || 1)));
        chosen.value = chosen.value.map((other) => (other.product.id === product.id ? { ...other, quantity } : other));
      }}
    />
  );
};
