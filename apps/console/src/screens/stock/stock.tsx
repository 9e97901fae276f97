/** Stock of all products: what is low, and corrections with a reason. */
import { useSignal } from '@preact/signals';
import { listProducts, listStock, type Stock } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import type { Reply } from '../../live/transport.ts';
import { useResource } from '../../live/use-resource.ts';
import { Chip } from '../../parts/chip.tsx';
import { Field } from '../../parts/field.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Pager } from '../../parts/pager.tsx';
import { Table } from '../../parts/table.tsx';
import { addressAt, type Place } from '../../router.ts';
import { AdjustDialog } from './adjust-dialog.tsx';

const rowsInPage = 50;
/** What counts as low while the address says nothing else. */
const lowDefault = 10;
const lows = [5, 10, 50, 100];

interface Page extends Reply<Stock[]> {
  /** By the id of the product; empty for one that the catalogue does not have. */
  readonly names: ReadonlyMap<string, string>;
}

export const StockScreen: FunctionComponent<{ place: Place }> = ({ place }) => {
  const { words } = useDesk();
  const { cursor, below = String(lowDefault) } = place.query;
  const low = below === 'all' ? undefined : Number(below);
  const page = useResource<Page>(
    `stock ${below} ${cursor ?? ''}`,
    async (ask, signal) => {
      const query = { limit: rowsInPage, ...(low !== undefined && { low_stock_below: low }), ...(cursor !== undefined && { cursor }) };
      const reply = await ask(listStock, { query, signal });
      const ids = reply.body.map(({ product_id }) => product_id).join(',');
      // Numbers are shown without names when the catalogue is away.
      const products =
        ids === ''
          ? []
          : await ask(listProducts, { query: { ids }, signal }).then(
              ({ body }) => body,
              () => [],
            );
      return { ...reply, names: new Map(products.map(({ id, name }) => [id, name])) };
    },
    { changedBy: ({ event_type }) => event_type.startsWith('inventory.') },
  );
  return (
    <>
      <h1>{words.screens.stock}</h1>
      <Filter below={below} />
      <Loaded from={page}>
        {({ body, names, next_cursor }) =>
          body.length === 0 ? (
            <p class="empty">{low === undefined ? words.stock.empty : words.stock.none_low(low)}</p>
          ) : (
            <>
              <StockTable stocks={body} names={names} changed={() => page.renew()} />
              <Pager next_cursor={next_cursor} />
            </>
          )
        }
      </Loaded>
    </>
  );
};

const Filter: FunctionComponent<{ below: string }> = ({ below }) => {
  const { words, router } = useDesk();
  return (
    <search class="filters">
      <Field label={words.stock.show}>
        {(ids) => (
          <select
            {...ids}
            class="input"
            value={below}
            onChange={({ currentTarget }) => router.refine({ below: currentTarget.value, cursor: undefined })}
          >
            {lows.map((low) => (
              <option key={low} value={low}>
                {words.stock.below(low)}
              </option>
            ))}
            <option value="all">{words.stock.all}</option>
          </select>
        )}
      </Field>
    </search>
  );
};

interface StockTableProps {
  stocks: readonly Stock[];
  names: ReadonlyMap<string, string>;
  changed(): Promise<void>;
}

const StockTable: FunctionComponent<StockTableProps> = ({ stocks, names, changed }) => {
  const { words, formats } = useDesk();
  const open = useSignal<string | undefined>(undefined);
  const { stock: said } = words;
  const columns = [
    { title: words.orders.product },
    { title: said.available, is_number: true },
    { title: said.on_hand, is_number: true },
    { title: said.reserved, is_number: true },
    { title: said.changed },
    { title: said.adjust },
  ];
  const named = (id: string): string => names.get(id) ?? id;
  const opened = stocks.find(({ product_id }) => product_id === open.value);
  return (
    <>
      <Table name={words.screens.stock} columns={columns}>
        {stocks.map(({ product_id, available, on_hand = 0, reserved = 0, updated_at }) => (
          <tr key={product_id}>
            <th scope="row">
              <a href={addressAt({ screen: 'products', entry: product_id })}>{named(product_id)}</a>
            </th>
            <td class="number">{available === 0 ? <Chip tone="bad">{said.sold_out}</Chip> : formats.count(available)}</td>
            <td class="number">{formats.count(on_hand)}</td>
            <td class="number">{formats.count(reserved)}</td>
            <td>{formats.moment(updated_at)}</td>
            <td>
              <button
                type="button"
                class="button plain"
                aria-label={said.adjust_of(named(product_id))}
                onClick={() => {
                  open.value = product_id;
                }}
              >
                {said.adjust}
              </button>
            </td>
          </tr>
        ))}
      </Table>
      {opened !== undefined && (
        <AdjustDialog
          stock={opened}
          name={named(opened.product_id)}
          close={() => {
            open.value = undefined;
          }}
          changed={changed}
        />
      )}
    </>
  );
};
