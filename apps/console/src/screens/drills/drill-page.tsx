/** One drill, while it happens and afterwards: what was taken away when, how many orders waited, and what the auditor says. */
import { type Drill, endDrill } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { useCommand } from '../../live/use-resource.ts';
import { CommandNote } from '../../parts/command-note.tsx';
import { Panel } from '../../parts/panel.tsx';
import { addressAt } from '../../router.ts';
import { apiLanguage } from '../../words/api-language.ts';
import { chartHeight, chartOf, chartWidth } from './drill-chart.ts';
import { DrillState, DrillVerdict } from './drill-state.tsx';

const msInS = 1_000;
/** For the words below and above the drawing. */
const margin = 20;

export const DrillPage: FunctionComponent<{ drill: Drill; changed(): Promise<void> }> = ({ drill, changed }) => {
  const { words } = useDesk();
  const { drills: said } = words;
  return (
    <>
      <header class="page-head">
        <div class="title">
          <h1>{said.title(said.target_name(drill.target))}</h1>
          <DrillState state={drill.state} />
        </div>
        <div class="buttons">
          {(drill.state === 'ending' || drill.state === 'away') && <BringBack drill={drill} changed={changed} />}
          <a class="button plain" href={addressAt({ screen: 'drills' })}>
            {said.all}
          </a>
        </div>
      </header>
      {drill.failure !== null && (
        <p class="notice bad" role="alert" lang={apiLanguage}>
          {drill.failure}
        </p>
      )}
      <div class="columns">
        <Waiting drill={drill} />
        <div class="stack">
          <Course drill={drill} />
          <Judgement drill={drill} />
        </div>
      </div>
    </>
  );
};

const BringBack: FunctionComponent<{ drill: Drill; changed(): Promise<void> }> = ({ drill, changed }) => {
  const { words } = useDesk();
  const end = useCommand((ask) => ({ send: () => ask(endDrill, { params: { drill_id: drill.id } }) }));
  const { state } = end.progress.value;
  return (
    <>
      <CommandNote of={end} />
      <button
        type="button"
        class="button"
        aria-busy={state === 'sending' || state === 'asking'}
        onClick={() => void end.run(undefined).then(changed)}
      >
        {words.drills.bring_back}
      </button>
    </>
  );
};

const Waiting: FunctionComponent<{ drill: Drill }> = ({ drill }) => {
  const { words, formats } = useDesk();
  const { drills: said } = words;
  const waiting = drill.samples.at(-1)?.waiting;
  const { line, away, most, length_ms } = chartOf(drill);
  return (
    <Panel title={said.waiting}>
      <p role="status" class="strong">
        {drill.ended_at === null && (waiting == null ? said.waiting_unknown : said.waiting_now(waiting))}
      </p>
      <svg
        class="chart"
        viewBox={`-${margin} -${margin} ${chartWidth + 2 * margin} ${chartHeight + 2 * margin}`}
        role="img"
        aria-label={said.chart(drill.waiting_most ?? 0, formats.duration(length_ms))}
      >
        <rect class="away" x={away.from} y={0} width={away.to - away.from} height={chartHeight} />
        <path class="axis" d={`M0 0V${chartHeight}H${chartWidth}`} />
        <path class="line" d={line} />
        <text x={4} y={-6}>
          {formats.count(most)}
        </text>
        <text x={away.to / 2} y={chartHeight / 2} text-anchor="middle">
          {said.chart_away}
        </text>
        <text x={chartWidth} y={chartHeight + 14} text-anchor="end">
          {formats.duration(length_ms)}
        </text>
      </svg>
      {drill.waiting_before !== null && drill.waiting_most !== null && <p>{said.waiting_most(drill.waiting_before, drill.waiting_most)}</p>}
      <a href={addressAt({ screen: 'orders', query: { status: 'pending' } })}>{said.see}</a>
      {drill.ended_at === null && (
        <a href="/" target="_blank" rel="noreferrer">
          {said.buy}
        </a>
      )}
    </Panel>
  );
};

const Course: FunctionComponent<{ drill: Drill }> = ({ drill }) => {
  const { words, formats } = useDesk();
  const { drills: said } = words;
  const what = said.target_name(drill.target);
  const steps = [
    { text: said.gone(what, drill.means), at: drill.gone_at },
    { text: said.back(what), at: drill.back_at },
    { text: drill.verdict !== null && drill.recovered_at === null ? said.not_recovered : said.recovered, at: drill.recovered_at },
    { text: said.audited, at: drill.verdict?.finished_at ?? null },
  ];
  const began_ms = Date.parse(drill.started_at);
  return (
    <Panel title={said.course}>
      <p>{said.waits(what, formats.duration(drill.duration_s * msInS))}</p>
      <ol class="steps">
        {steps.map(({ text, at }) => (
          <li key={text} class={at === null ? 'quiet' : undefined}>
            {text}
            <span class="quiet small">
              {' '}
              {at === null ? said.later : `${formats.time(at)}, ${said.after(formats.duration(Date.parse(at) - began_ms))}`}
            </span>
          </li>
        ))}
      </ol>
    </Panel>
  );
};

const Judgement: FunctionComponent<{ drill: Drill }> = ({ drill: { verdict } }) => {
  const { words, formats } = useDesk();
  return (
    <Panel title={words.drills.verdict} aside={verdict !== null && <DrillVerdict verdict={verdict} />}>
      {verdict === null ? (
        <p class="quiet">{words.drills.later}</p>
      ) : (
        <>
          <p>
            {words.drills.judged(
              formats.count(verdict.counts.orders),
              formats.count(verdict.counts.payments),
              formats.count(verdict.counts.movements),
              verdict.violations.length,
            )}
          </p>
          {verdict.violations.map(({ rule, detail, ids }) => (
            <p key={`${rule} ${ids.join(' ')}`}>
              <strong>{rule.replaceAll('_', ' ')}</strong> <span lang={apiLanguage}>{detail}</span>
            </p>
          ))}
          <a href={addressAt({ screen: 'books' })}>{words.screens.books}</a>
        </>
      )}
    </Panel>
  );
};
