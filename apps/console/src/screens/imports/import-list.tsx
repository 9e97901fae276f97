/** Earlier imports, the newest first, each with how it ended. */
import { listImports } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { useEntity } from '../../live/use-resource.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Pager } from '../../parts/pager.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Table } from '../../parts/table.tsx';
import { addressAt } from '../../router.ts';
import { ImportStateChip } from './import-state.tsx';

const rowsInPage = 20;
const everyMs = 5_000;

export const ImportList: FunctionComponent<{ cursor: string | undefined }> = ({ cursor }) => {
  const { words, formats } = useDesk();
  const { imports: said } = words;
  const query = { limit: rowsInPage, ...(cursor !== undefined && { cursor }) };
  const page = useEntity(listImports, { query }, { every_ms: everyMs });
  const columns = [
    { title: said.began },
    { title: said.state },
    { title: said.rows, is_number: true },
    { title: said.created, is_number: true },
    { title: said.updated, is_number: true },
    { title: said.refused, is_number: true },
  ];
  return (
    <Panel title={said.earlier}>
      <Loaded from={page}>
        {({ body, next_cursor }) =>
          body.length === 0 ? (
            <p class="empty">{said.none}</p>
          ) : (
            <>
              <Table name={said.earlier} columns={columns}>
                {body.map(({ id, state, dry_run, rows, created, updated, refused, created_at }) => (
                  <tr key={id}>
                    <th scope="row">
                      <a href={addressAt({ screen: 'imports', entry: id })}>{formats.moment(created_at)}</a>
                    </th>
                    <td>
                      <ImportStateChip state={state} /> {dry_run && said.tried}
                    </td>
                    <td class="number">{formats.count(rows)}</td>
                    <td class="number">{formats.count(created)}</td>
                    <td class="number">{formats.count(updated)}</td>
                    <td class="number">{formats.count(refused)}</td>
                  </tr>
                ))}
              </Table>
              <Pager next_cursor={next_cursor} />
            </>
          )
        }
      </Loaded>
    </Panel>
  );
};
