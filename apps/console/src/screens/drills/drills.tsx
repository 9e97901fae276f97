/** Drills of this shop: the one under way, those before, and starting one where that is allowed. */
import { type Drill, listDrills } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { useEntity } from '../../live/use-resource.ts';
import { Rows } from '../../parts/list.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Opener } from '../../parts/opener.tsx';
import { addressAt, type Place } from '../../router.ts';
import { isAdmin } from '../../session.ts';
import { DrillDialog } from './drill-dialog.tsx';
import { DrillPage } from './drill-page.tsx';
import { DrillState, DrillVerdict } from './drill-state.tsx';

const everyMs = 1_000;

export const DrillsScreen: FunctionComponent<{ place: Place }> = ({ place }) => {
  const { words, session } = useDesk();
  const { drills: said } = words;
  const known = useEntity(listDrills, {}, { every_ms: everyMs });
  const mayStart = isAdmin(session.current.value);
  if (place.entry !== undefined)
    return (
      <Loaded from={known}>
        {({ body }) => {
          const drill = body.drills.find(({ id }) => id === place.entry);
          return drill === undefined ? <Unknown /> : <DrillPage drill={drill} changed={() => known.renew()} />;
        }}
      </Loaded>
    );
  return (
    <>
      <h1>{words.screens.drills}</h1>
      <p>{said.lead}</p>
      <Loaded from={known}>
        {({ body: { allowed, targets, drills } }) => (
          <>
            {!allowed && <p class="notice warn">{said.off}</p>}
            {allowed && !mayStart && <p class="quiet">{said.admins}</p>}
            {allowed && mayStart && (
              <p>
                <Opener word={said.start} look="button danger">
                  {(close) => <DrillDialog targets={targets} close={close} />}
                </Opener>
              </p>
            )}
            <DrillTable drills={drills} />
          </>
        )}
      </Loaded>
    </>
  );
};

const Unknown: FunctionComponent = () => {
  const { words } = useDesk();
  return (
    <>
      <h1>{words.screens.drills}</h1>
      <p class="empty">{words.drills.unknown}</p>
      <a href={addressAt({ screen: 'drills' })}>{words.drills.all}</a>
    </>
  );
};

const DrillTable: FunctionComponent<{ drills: readonly Drill[] }> = ({ drills }) => {
  const { words, formats } = useDesk();
  const { drills: said } = words;
  const columns = [
    {
      title: said.began,
      cell: ({ id, started_at }: Drill) => <a href={addressAt({ screen: 'drills', entry: id })}>{formats.moment(started_at)}</a>,
    },
    { title: said.target, cell: ({ target }: Drill) => said.target_name(target) },
    { title: said.state, cell: ({ state }: Drill) => <DrillState state={state} /> },
    {
      title: said.most,
      is_number: true,
      cell: ({ waiting_most }: Drill) => (waiting_most === null ? words.none : formats.count(waiting_most)),
    },
    { title: said.verdict, cell: ({ verdict }: Drill) => <DrillVerdict verdict={verdict} /> },
  ];
  return <Rows name={said.before} entries={drills} columns={columns} keyOf={({ id }) => id} empty={said.none} />;
};
