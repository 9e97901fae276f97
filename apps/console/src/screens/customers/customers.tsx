/** Accounts, found by name or address; from here to the orders of one. */
import { useSignal } from '@preact/signals';
import { listUsers } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { useEntity } from '../../live/use-resource.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Pager } from '../../parts/pager.tsx';
import { SearchForm } from '../../parts/search-form.tsx';
import { Table } from '../../parts/table.tsx';
import { addressAt, type Place } from '../../router.ts';

const rowsInPage = 50;

export const Customers: FunctionComponent<{ place: Place }> = ({ place }) => {
  const { words, formats } = useDesk();
  const { customers: said } = words;
  const { q, cursor } = place.query;
  const typed = useSignal(q ?? '');
  const page = useEntity(listUsers, {
    query: { limit: rowsInPage, ...(q !== undefined && { q }), ...(cursor !== undefined && { cursor }) },
  });
  const columns = [{ title: said.name }, { title: said.username }, { title: said.email }, { title: said.role }, { title: said.since }];
  return (
    <>
      <h1>{words.screens.customers}</h1>
      <SearchForm label={said.find} typed={typed} />
      <Loaded from={page}>
        {({ body, next_cursor }) =>
          body.length === 0 ? (
            <p class="empty">{words.products.nothing(q ?? '')}</p>
          ) : (
            <>
              <Table name={words.screens.customers} columns={columns}>
                {body.map((user) => (
                  <tr key={user.id}>
                    <th scope="row">
                      <a href={addressAt({ screen: 'orders', query: { user_id: user.id } })} aria-label={said.orders_of(user.full_name)}>
                        {user.full_name}
                      </a>
                    </th>
                    <td>{user.username}</td>
                    <td>{user.email}</td>
                    <td>{words.roles(user.role)}</td>
                    <td>{formats.moment(user.created_at)}</td>
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
