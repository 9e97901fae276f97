/** Tables in a region that takes the focus where it scrolls sideways. */
import type { ComponentChildren, FunctionComponent } from 'preact';
import { useDesk } from '../desk.ts';

export interface Column {
  title: string;
  /** Amounts and counts stand at the end. */
  is_number?: boolean;
}

interface TableProps {
  name: string;
  columns: readonly Column[];
  children: ComponentChildren;
}

export const Table: FunctionComponent<TableProps> = ({ name, columns, children }) => {
  const { words } = useDesk();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reached by keyboard.
    <section class="scroll" aria-label={words.table(name)} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {columns.map(({ title, is_number }) => (
              <th key={title} scope="col" class={is_number ? 'number' : undefined}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  );
};
