/** Goods that customers send back: the list by state, and one return. */
import { listReturns } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { useEntity } from '../../live/use-resource.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Pager } from '../../parts/pager.tsx';
import { SelectField } from '../../parts/select-field.tsx';
import { Table } from '../../parts/table.tsx';
import { addressAt, type Place } from '../../router.ts';
import { ReturnPage } from './return-page.tsx';
import { ReturnStateChip, returnStates } from './return-state.tsx';

const rowsInPage = 50;
const everyMs = 10_000;

export const Returns: FunctionComponent<{ place: Place }> = ({ place }) =>
  place.entry === undefined ? <ReturnList place={place} /> : <ReturnPage key={place.entry} return_id={place.entry} />;

const ReturnList: FunctionComponent<{ place: Place }> = ({ place }) => {
  const { words, formats, router } = useDesk();
  const { returns: said } = words;
  const state = returnStates.find((name) => name === place.query['state']);
  const { cursor } = place.query;
  const query = { limit: rowsInPage, ...(state !== undefined && { state }), ...(cursor !== undefined && { cursor }) };
  const page = useEntity(listReturns, { query }, { every_ms: everyMs });
  const columns = [
    { title: said.number },
    { title: words.list.filter_status },
    { title: said.asked },
    { title: words.orders.product },
    { title: said.order },
  ];
  return (
    <>
      <h1>{words.screens.returns}</h1>
      <search class="filters">
        <SelectField
          label={words.list.filter_status}
          choices={[['', said.every], ...returnStates.map((name) => [name, said.states[name]] as const)]}
          value={state ?? ''}
          choose={(chosen) => router.refine({ state: chosen, cursor: undefined })}
        />
      </search>
      <Loaded from={page}>
        {({ body, next_cursor }) =>
          body.length === 0 ? (
            <p class="empty">{state === undefined ? said.empty : said.empty_filtered(said.states[state])}</p>
          ) : (
            <>
              <Table name={words.screens.returns} columns={columns}>
                {body.map((each) => (
                  <tr key={each.id}>
                    <th scope="row">
                      <a href={addressAt({ screen: 'returns', entry: each.id })}>{each.number}</a>
                    </th>
                    <td>
                      <ReturnStateChip state={each.state} />
                    </td>
                    <td>{formats.moment(each.created_at)}</td>
                    <td>{each.items.map(({ name, quantity }) => `${name} × ${formats.count(quantity)}`).join(', ')}</td>
                    <td>
                      <a href={addressAt({ screen: 'orders', entry: each.order_id })}>{said.order}</a>
                    </td>
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
