/** What the auditor found when it last compared the ledgers of all services, by rule; and an audit at once. */
import { type AuditReport, getAudit } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { useCommand, useEntity } from '../../live/use-resource.ts';
import { Chip } from '../../parts/chip.tsx';
import { CommandNote } from '../../parts/command-note.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Table } from '../../parts/table.tsx';
import { apiLanguage } from '../../words/api-language.ts';
import { byRule } from './by-rule.ts';

const everyMs = 30_000;
const idsShown = 5;

export const Books: FunctionComponent = () => {
  const { words } = useDesk();
  const audit = useEntity(getAudit, { query: {} }, { every_ms: everyMs });
  const run = useCommand((ask) => ({
    send: async () => audit.put(await ask(getAudit, { query: { run: 'now' } })),
  }));
  const { state } = run.progress.value;
  return (
    <>
      <header class="page-head">
        <h1>{words.screens.books}</h1>
        <button type="button" class="button" aria-busy={state === 'sending' || state === 'asking'} onClick={() => void run.run(undefined)}>
          {words.books.run}
        </button>
      </header>
      <CommandNote of={run} />
      <Loaded from={audit}>{({ body }) => <Report report={body} />}</Loaded>
    </>
  );
};

const Report: FunctionComponent<{ report: AuditReport }> = ({ report }) => {
  const { words, formats, clock } = useDesk();
  const { books: said } = words;
  const { orders, payments, movements } = report.counts;
  const took_ms = Date.parse(report.finished_at) - Date.parse(report.started_at);
  return (
    <>
      <Panel
        title={said.verdict}
        aside={
          <Chip tone={report.balanced ? 'ok' : 'bad'}>
            {report.balanced ? words.pills.balanced : words.pills.violations(report.violations.length)}
          </Chip>
        }
      >
        <p>{said.compared(formats.count(orders), formats.count(payments), formats.count(movements))}</p>
        <p class="quiet">
          {formats.moment(report.finished_at)} ({formats.ago(report.finished_at, clock.value)}), {said.took(formats.duration(took_ms))}
        </p>
      </Panel>
      <Findings title={said.violations} none={said.no_violations} findings={report.violations} />
      <Findings title={said.warnings} none={said.no_warnings} findings={report.warnings} />
    </>
  );
};

interface FindingsProps {
  title: string;
  none: string;
  findings: AuditReport['violations'];
}

const Findings: FunctionComponent<FindingsProps> = ({ title, none, findings }) => {
  const { words, formats } = useDesk();
  const { books: said } = words;
  return (
    <Panel title={title}>
      {findings.length === 0 ? (
        <p>{none}</p>
      ) : (
        <Table
          name={title}
          columns={[{ title: said.rule }, { title: said.count, is_number: true }, { title: said.detail }, { title: said.ids }]}
        >
          {byRule(findings).map(({ rule, found }) => (
            <tr key={rule}>
              <th scope="row">{rule.replaceAll('_', ' ')}</th>
              <td class="number">{formats.count(found.length)}</td>
              <td lang={apiLanguage}>{found[0]?.detail}</td>
              <td>
                {[...new Set(found.flatMap(({ ids }) => ids))].slice(0, idsShown).map((id) => (
                  <div key={id}>
                    <code>{id}</code>
                  </div>
                ))}
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Panel>
  );
};
