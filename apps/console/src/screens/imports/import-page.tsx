/** How far an import is, what it did, and what it refused. */
import { cancelImport, getImport, type ProductImport } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { useCommand, useEntity } from '../../live/use-resource.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Opener } from '../../parts/opener.tsx';
import { Panel } from '../../parts/panel.tsx';
import { addressAt } from '../../router.ts';
import { ImportStateChip } from './import-state.tsx';

const everyMs = 1_000;
const counts = ['rows', 'created', 'updated', 'unchanged', 'refused', 'stock_stated', 'stock_refused'] as const;

export const ImportPage: FunctionComponent<{ import_id: string }> = ({ import_id }) => {
  const { words } = useDesk();
  const { imports: said } = words;
  const known = useEntity(getImport, { params: { import_id } }, { every_ms: everyMs });
  return (
    <Loaded from={known}>
      {({ body }) => (
        <>
          <header class="page-head">
            <div class="title">
              <h1>{body.dry_run ? said.dry_title : said.title}</h1>
              <ImportStateChip state={body.state} />
            </div>
            <div class="buttons">
              {(body.state === 'waiting' || body.state === 'running') && <Cancel import_id={import_id} changed={() => known.renew()} />}
              <a class="button plain" href={addressAt({ screen: 'imports' })}>
                {said.another}
              </a>
            </div>
          </header>
          {body.detail !== null && (
            <p class="notice bad" role="alert">
              {body.detail}
            </p>
          )}
          <Counts of={body} />
        </>
      )}
    </Loaded>
  );
};

const Counts: FunctionComponent<{ of: ProductImport }> = ({ of }) => {
  const { words, formats } = useDesk();
  const { imports: said } = words;
  return (
    <Panel title={said.counts}>
      {of.dry_run && <p>{said.nothing_written}</p>}
      <dl class="facts">
        {counts.map((name) => [<dt key={name}>{said[name]}</dt>, <dd key={`${name} of it`}>{formats.count(of[name])}</dd>])}
        <dt>{said.stock}</dt>
        <dd>{said.stocks[of.stock]}</dd>
        {of.ignored_column_names.length > 0 && (
          <>
            <dt>{said.ignored}</dt>
            <dd>{of.ignored_column_names.join(', ')}</dd>
          </>
        )}
        <dt>{said.began}</dt>
        <dd>{formats.moment(of.created_at)}</dd>
        <dt>{said.ended}</dt>
        <dd>{of.ended_at === null ? words.none : formats.moment(of.ended_at)}</dd>
      </dl>
      {of.refused > 0 && (
        <a href={`/api/products/imports/${of.id}/refusals`} download>
          {said.refusals}
        </a>
      )}
      <p class="quiet small">{said.kept}</p>
    </Panel>
  );
};

const Cancel: FunctionComponent<{ import_id: string; changed(): Promise<void> }> = ({ import_id, changed }) => {
  const { imports: said } = useDesk().words;
  // One that has ended stays as it is: to end it again changes nothing.
  const cancel = useCommand<undefined, unknown>((ask) => ({ send: () => ask(cancelImport, { params: { import_id } }) }));
  return (
    <Opener word={said.cancel} look="button plain">
      {(close) => (
        <Confirm title={said.cancel} word={said.cancel} is_dangerous of={cancel} close={close} done={changed}>
          <p>{said.cancel_means}</p>
        </Confirm>
      )}
    </Opener>
  );
};
