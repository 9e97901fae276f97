/** Stock of all products: what is low, and corrections with a reason. */
import { listProducts, listStock, type Stock } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { pageOf } from '../../live/page-of.ts';
import type { Ask, Reply } from '../../live/transport.ts';
import { useResource } from '../../live/use-resource.ts';
import { Chip } from '../../parts/chip.tsx';
import { Filter } from '../../parts/filter.tsx';
import { List } from '../../parts/list.tsx';
import { Opener } from '../../parts/opener.tsx';
import { addressAt, type Place } from '../../router.ts';
import { AdjustDialog } from './adjust-dialog.tsx';

/** What counts as low while the address says nothing else. */
const lowDefault = 10;
const lows = [5, 10, 50, 100];

interface NamedStock extends Stock {
  /** Its id where the catalogue does not have it or is away. */
  readonly name: string;
}

async function readStock(ask: Ask, place: Place, low: number | undefined, signal: AbortSignal): Promise<Reply<NamedStock[]>> {
  const reply = await ask(listStock, { query: { ...pageOf(place), ...(low !== undefined && { low_stock_below: low }) }, signal });
  const ids = reply.body.map(({ product_id }) => product_id).join(',');
  const products =
    ids === ''
      ? []
      : await ask(listProducts, { query: { ids }, signal }).then(
          ({ body }) => body,
          () => [],
        );
  const names = new Map(products.map(({ id, name }) => [id, name]));
  return { ...reply, body: reply.body.map((stock) => ({ ...stock, name: names.get(stock.product_id) ?? stock.product_id })) };
}

export const StockScreen: FunctionComponent<{ place: Place }> = ({ place }) => {
  const { words, formats } = useDesk();
  const { stock: said } = words;
  const { cursor, below = String(lowDefault) } = place.query;
  const low = below === 'all' ? undefined : Number(below);
  const page = useResource(`stock ${below} ${cursor ?? ''}`, (ask, signal) => readStock(ask, place, low, signal), {
    changedBy: ({ event_type }) => event_type.startsWith('inventory.'),
  });
  const columns = [
    {
      title: words.orders.product,
      cell: ({ product_id, name }: NamedStock) => <a href={addressAt({ screen: 'products', entry: product_id })}>{name}</a>,
    },
    {
      title: said.available,
      is_number: true,
      cell: ({ available }: NamedStock) => (available === 0 ? <Chip tone="bad">{said.sold_out}</Chip> : formats.count(available)),
    },
    { title: said.on_hand, is_number: true, cell: ({ on_hand = 0 }: NamedStock) => formats.count(on_hand) },
    { title: said.reserved, is_number: true, cell: ({ reserved = 0 }: NamedStock) => formats.count(reserved) },
    { title: said.changed, cell: ({ updated_at }: NamedStock) => formats.moment(updated_at) },
    {
      title: said.adjust,
      cell: (stock: NamedStock) => (
        <Opener word={said.adjust} label={said.adjust_of(stock.name)} look="button plain">
          {(close) => <AdjustDialog stock={stock} name={stock.name} close={close} changed={() => page.renew()} />}
        </Opener>
      ),
    },
  ];
  return (
    <>
      <h1>{words.screens.stock}</h1>
      <Filter
        label={said.show}
        name="below"
        choices={[...lows.map((each) => [String(each), said.below(each)] as const), ['all', said.all]]}
        value={below}
      />
      <List
        name={words.screens.stock}
        from={page}
        columns={columns}
        keyOf={({ product_id }) => product_id}
        empty={low === undefined ? said.empty : said.none_low(low)}
      />
    </>
  );
};
