/** Earlier imports, the newest first, each with how it ended. */
import { listImports, type ProductImport } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { pageOf } from '../../live/page-of.ts';
import { useEntity } from '../../live/use-resource.ts';
import { List } from '../../parts/list.tsx';
import { Panel } from '../../parts/panel.tsx';
import { addressAt, type Place } from '../../router.ts';
import { ImportStateChip } from './import-state.tsx';

const rowsInPage = 20;
const everyMs = 5_000;

export const ImportList: FunctionComponent<{ place: Place }> = ({ place }) => {
  const { words, formats } = useDesk();
  const { imports: said } = words;
  const page = useEntity(listImports, { query: pageOf(place, rowsInPage) }, { every_ms: everyMs });
  const counts = (['rows', 'created', 'updated', 'refused'] as const).map((count) => ({
    title: said[count],
    is_number: true,
    cell: (one: ProductImport) => formats.count(one[count]),
  }));
  const columns = [
    {
      title: said.began,
      cell: ({ id, created_at }: ProductImport) => <a href={addressAt({ screen: 'imports', entry: id })}>{formats.moment(created_at)}</a>,
    },
    {
      title: said.state,
      cell: ({ state, dry_run }: ProductImport) => (
        <>
          <ImportStateChip state={state} /> {dry_run && said.tried}
        </>
      ),
    },
    ...counts,
  ];
  return (
    <Panel title={said.earlier}>
      <List name={said.earlier} from={page} columns={columns} keyOf={({ id }) => id} empty={said.none} />
    </Panel>
  );
};
