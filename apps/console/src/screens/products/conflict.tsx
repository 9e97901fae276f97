/** Another change came first: both values of each field that differs, and a choice. */
import { useSignal } from '@preact/signals';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { Table } from '../../parts/table.tsx';
import { changedFields, type FieldName, type ProductFields } from './product-fields.ts';

interface ConflictProps {
  /** As it was read. */
  before: ProductFields;
  mine: ProductFields;
  theirs: ProductFields;
  /** The fields of which the own value is kept; they are saved with the next press of the button. */
  choose(kept: ReadonlySet<FieldName>): void;
}

export const Conflict: FunctionComponent<ConflictProps> = ({ before, mine, theirs, choose }) => {
  const { words } = useDesk();
  const { products: said } = words;
  const differing = changedFields(mine, theirs);
  const kept = useSignal<ReadonlySet<FieldName>>(new Set(changedFields(before, mine)));
  const keep = (name: FieldName, isOwn: boolean): void => {
    const others = new Set(kept.value);
    if (isOwn) others.add(name);
    else others.delete(name);
    kept.value = others;
  };
  return (
    <section class="notice warn" role="alert">
      <p class="strong">{said.conflict}</p>
      <Table name={said.conflict} columns={[{ title: said.field }, { title: said.mine }, { title: said.theirs }]}>
        {differing.map((name) => (
          <tr key={name}>
            <th scope="row">{said.field_names[name]}</th>
            {([true, false] as const).map((isOwn) => (
              <td key={String(isOwn)}>
                <label class="choice">
                  <input type="radio" name={`keep-${name}`} checked={kept.value.has(name) === isOwn} onChange={() => keep(name, isOwn)} />
                  {(isOwn ? mine : theirs)[name]}
                </label>
              </td>
            ))}
          </tr>
        ))}
      </Table>
      <button type="button" class="button" onClick={() => choose(kept.value)}>
        {said.go_on}
      </button>
    </section>
  );
};
