/** Drills of this shop: the one under way, those before, and starting one where that is allowed. */
import { useSignal } from '@preact/signals';
import { type Drill, listDrills } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { useEntity } from '../../live/use-resource.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Table } from '../../parts/table.tsx';
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
  const isOpen = useSignal(false);
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
                <button
                  type="button"
                  class="button danger"
                  onClick={() => {
                    isOpen.value = true;
                  }}
                >
                  {said.start}
                </button>
              </p>
            )}
            {drills.length === 0 ? <p class="empty">{said.none}</p> : <DrillTable drills={drills} />}
            {isOpen.value && (
              <DrillDialog
                targets={targets}
                close={() => {
                  isOpen.value = false;
                }}
              />
            )}
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
    { title: said.began },
    { title: said.target },
    { title: said.state },
    { title: said.most, is_number: true },
    { title: said.verdict },
  ];
  return (
    <Table name={said.before} columns={columns}>
      {drills.map((drill) => (
        <tr key={drill.id}>
          <th scope="row">
            <a href={addressAt({ screen: 'drills', entry: drill.id })}>{formats.moment(drill.started_at)}</a>
          </th>
          <td>{said.target_name(drill.target)}</td>
          <td>
            <DrillState state={drill.state} />
          </td>
          <td class="number">{drill.waiting_most === null ? words.none : formats.count(drill.waiting_most)}</td>
          <td>
            <DrillVerdict verdict={drill.verdict} />
          </td>
        </tr>
      ))}
    </Table>
  );
};
