/** Goods that customers send back: the list by state, and one return. */
import { listReturns, type Return } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { pageOf } from '../../live/page-of.ts';
import { useEntity } from '../../live/use-resource.ts';
import { Filter } from '../../parts/filter.tsx';
import { List } from '../../parts/list.tsx';
import { addressAt, type Place } from '../../router.ts';
import { ReturnPage } from './return-page.tsx';
import { ReturnStateChip, returnStates } from './return-state.tsx';

const everyMs = 10_000;

export const Returns: FunctionComponent<{ place: Place }> = ({ place }) =>
  place.entry === undefined ? <ReturnList place={place} /> : <ReturnPage key={place.entry} return_id={place.entry} />;

const ReturnList: FunctionComponent<{ place: Place }> = ({ place }) => {
  const { words, formats } = useDesk();
  const { returns: said } = words;
  const state = returnStates.find((name) => name === place.query['state']);
  const query = { ...pageOf(place), ...(state !== undefined && { state }) };
  const page = useEntity(listReturns, { query }, { every_ms: everyMs });
  const columns = [
    { title: said.number, cell: ({ id, number }: Return) => <a href={addressAt({ screen: 'returns', entry: id })}>{number}</a> },
    { title: words.list.filter_status, cell: (each: Return) => <ReturnStateChip state={each.state} /> },
    { title: said.asked, cell: ({ created_at }: Return) => formats.moment(created_at) },
    {
      title: words.orders.product,
      cell: ({ items }: Return) => items.map(({ name, quantity }) => `${name} × ${formats.count(quantity)}`).join(', '),
    },
    { title: said.order, cell: ({ order_id }: Return) => <a href={addressAt({ screen: 'orders', entry: order_id })}>{said.order}</a> },
  ];
  return (
    <>
      <h1>{words.screens.returns}</h1>
      <Filter
        label={words.list.filter_status}
        name="state"
        choices={[['', said.every], ...returnStates.map((name) => [name, said.states[name]] as const)]}
        value={state ?? ''}
      />
      <List
        name={words.screens.returns}
        from={page}
        columns={columns}
        keyOf={({ id }) => id}
        empty={state === undefined ? said.empty : said.empty_filtered(said.states[state])}
      />
    </>
  );
};
