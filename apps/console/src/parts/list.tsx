/** A list of the shop: that it is loading, why it failed, that it is empty, its rows, and the way to the next page. */
import type { ComponentChildren } from 'preact';
import type { Resource } from '../live/resource.ts';
import type { Reply } from '../live/transport.ts';
import { Loaded } from './loaded.tsx';
import { Pager } from './pager.tsx';
import { type Column, Table } from './table.tsx';

export interface ListColumn<Entry> extends Column {
  cell(entry: Entry): ComponentChildren;
}

interface RowsProps<Entry> {
  /** What the table is called. */
  name: string;
  /** The first heads its row. */
  columns: readonly ListColumn<Entry>[];
  keyOf(entry: Entry): string;
  /** Said in place of the table where there is no row. */
  empty: string;
  entries: readonly Entry[];
}

/** What is there already, as a table. */
export const Rows = <Entry,>({ name, columns, keyOf, empty, entries }: RowsProps<Entry>) => {
  const [first, ...others] = columns;
  if (entries.length === 0) return <p class="empty">{empty}</p>;
  return (
    <Table name={name} columns={columns}>
      {entries.map((entry) => (
        <tr key={keyOf(entry)}>
          <th scope="row">{first?.cell(entry)}</th>
          {others.map(({ title, is_number, cell }) => (
            <td key={title} class={is_number ? 'number' : undefined}>
              {cell(entry)}
            </td>
          ))}
        </tr>
      ))}
    </Table>
  );
};

/** A page of the API: entries, and where the next page begins. */
export const List = <Entry,>({ from, ...rows }: Omit<RowsProps<Entry>, 'entries'> & { from: Resource<Reply<Entry[]>> }) => (
  <Loaded from={from}>
    {({ body, next_cursor }) => (
      <>
        <Rows {...rows} entries={body} />
        <Pager next_cursor={next_cursor} />
      </>
    )}
  </Loaded>
);
