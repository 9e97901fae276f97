/** Orders, newest first. Rows change in their place; new ones wait behind a button, so that nothing jumps. */
import { type Signal, useSignal } from '@preact/signals';
import { listOrders, type Order } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useEffect } from 'preact/hooks';
import { useDesk } from '../../desk.ts';
import { pageOf } from '../../live/page-of.ts';
import type { Resource } from '../../live/resource.ts';
import { withNewer } from '../../live/rows.ts';
import type { ShopEvent } from '../../live/stream.ts';
import type { Reply } from '../../live/transport.ts';
import { useEntity } from '../../live/use-resource.ts';
import { Field } from '../../parts/field.tsx';
import { List } from '../../parts/list.tsx';
import { SelectField } from '../../parts/select-field.tsx';
import { addressAt, type Place } from '../../router.ts';
import { filtersOf, type OrderFilters, orderQuery } from './order-query.ts';
import { OrderStatusChip } from './order-status.tsx';
import { orderStatuses } from './order-statuses.ts';

type Page = Resource<Reply<Order[]>>;

const gatherMs = 300;
const skuMax = 100;

export const OrderList: FunctionComponent<{ place: Place }> = ({ place }) => {
  const { words } = useDesk();
  const filters = filtersOf(place.query);
  const isFiltered = Object.keys(filters).length > 0;
  const columns = useColumns();
  const page = useEntity(listOrders, { query: { ...pageOf(place), ...orderQuery(filters) } });
  const arrived = useArrivals(page, place.query['cursor'] === undefined);
  return (
    <>
      <h1>{words.screens.orders}</h1>
      <Filters filters={filters} />
      <div role="status" class="arrivals">
        {arrived.value.size > 0 && (
          <button
            type="button"
            class="button plain"
            onClick={() => {
              arrived.value = new Set();
              void page.renew();
            }}
          >
            {words.list.new_rows(arrived.value.size)}
          </button>
        )}
      </div>
      <List
        name={words.screens.orders}
        from={page}
        columns={columns}
        keyOf={({ id }) => id}
        empty={isFiltered ? words.orders.empty_filtered : words.orders.empty}
      />
    </>
  );
};

const Filters: FunctionComponent<{ filters: OrderFilters }> = ({ filters }) => {
  const { words, router } = useDesk();
  const { orders: said } = words;
  const refine = (name: keyof OrderFilters, value: string): void => router.refine({ [name]: value, cursor: undefined });
  return (
    <search class="filters">
      <SelectField
        label={words.list.filter_status}
        choices={[['', words.list.every_status], ...orderStatuses.map((name) => [name, words.order_status[name]] as const)]}
        value={filters.status ?? ''}
        choose={(status) => refine('status', status)}
      />
      {(['from', 'to'] as const).map((name) => (
        <Field key={name} label={said[name]}>
          {(ids) => (
            <input
              {...ids}
              class="input"
              type="date"
              value={filters[name] ?? ''}
              onChange={({ currentTarget }) => refine(name, currentTarget.value)}
            />
          )}
        </Field>
      ))}
      <Field label={said.sku}>
        {(ids) => (
          <input
            {...ids}
            class="input"
            autocomplete="off"
            maxLength={skuMax}
            value={filters.sku ?? ''}
            onChange={({ currentTarget }) => refine('sku', currentTarget.value.trim())}
          />
        )}
      </Field>
      {Object.keys(filters).length > 0 && (
        <a class="button plain" href={addressAt({ screen: 'orders' })}>
          {words.list.clear}
        </a>
      )}
    </search>
  );
};

function useColumns() {
  const { words, formats } = useDesk();
  const { orders: said } = words;
  return [
    {
      title: said.number,
      cell: ({ id, order_number }: Order) => <a href={addressAt({ screen: 'orders', entry: id })}>{order_number}</a>,
    },
    { title: said.status, cell: ({ status }: Order) => <OrderStatusChip status={status} /> },
    { title: said.placed, cell: ({ created_at }: Order) => formats.moment(created_at) },
    {
      title: said.pieces,
      is_number: true,
      cell: ({ items }: Order) => formats.count(items.reduce((sum, { quantity }) => sum + quantity, 0)),
    },
    { title: said.total, is_number: true, cell: ({ total_amount, currency }: Order) => formats.money(total_amount, currency) },
  ];
}

/** Keeps the rows that are shown up to date; answers the orders that were placed since. */
function useArrivals(page: Page, isFirstPage: boolean): Signal<ReadonlySet<string>> {
  const { live, ask } = useDesk();
  const arrived = useSignal<ReadonlySet<string>>(new Set());
  useEffect(() => {
    arrived.value = new Set();
    const changed = new Set<string>();
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const readChanged = async (): Promise<void> => {
      waiting = undefined;
      const ids = [...changed].join(',');
      changed.clear();
      // A row that could not be read now is read with the next change, or with the page.
      const read = await ask(listOrders, { query: { ids } }).catch(() => undefined);
      const shown = page.known.peek().value;
      if (read !== undefined && shown !== undefined) page.put({ ...shown, body: withNewer(shown.body, read.body) });
    };
    const hear = ({ event_type, payload }: ShopEvent): void => {
      const rows = page.known.peek().value?.body ?? [];
      const id = payload['order_id'];
      if (event_type === 'gap') for (const row of rows) changed.add(row.id);
      else if (typeof id !== 'string') return;
      else if (rows.some((row) => row.id === id)) changed.add(id);
      else if (event_type === 'order.created' && isFirstPage) arrived.value = new Set([...arrived.value, id]);
      if (changed.size > 0) waiting ??= setTimeout(() => void readChanged(), gatherMs);
    };
    const stop = live.listen(hear);
    return () => {
      clearTimeout(waiting);
      stop();
    };
  }, [page]);
  return arrived;
}
