/** Accounts, found by name or address; from here to the orders of one. */
import { useSignal } from '@preact/signals';
import { listUsers, type User } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { pageOf } from '../../live/page-of.ts';
import { useEntity } from '../../live/use-resource.ts';
import { List } from '../../parts/list.tsx';
import { SearchForm } from '../../parts/search-form.tsx';
import { addressAt, type Place } from '../../router.ts';

export const Customers: FunctionComponent<{ place: Place }> = ({ place }) => {
  const { words, formats } = useDesk();
  const { customers: said } = words;
  const { q } = place.query;
  const typed = useSignal(q ?? '');
  const page = useEntity(listUsers, { query: { ...pageOf(place), ...(q !== undefined && { q }) } });
  const columns = [
    {
      title: said.name,
      cell: ({ id, full_name }: User) => (
        <a href={addressAt({ screen: 'orders', query: { user_id: id } })} aria-label={said.orders_of(full_name)}>
          {full_name}
        </a>
      ),
    },
    { title: said.username, cell: ({ username }: User) => username },
    { title: said.email, cell: ({ email }: User) => email },
    { title: said.role, cell: ({ role }: User) => words.roles(role) },
    { title: said.since, cell: ({ created_at }: User) => formats.moment(created_at) },
  ];
  return (
    <>
      <h1>{words.screens.customers}</h1>
      <SearchForm label={said.find} typed={typed} />
      <List name={words.screens.customers} from={page} columns={columns} keyOf={({ id }) => id} empty={words.products.nothing(q ?? '')} />
    </>
  );
};
