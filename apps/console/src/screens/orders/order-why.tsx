/** Why an order is as it is: one paragraph, and what happened across all services with its causes and times. */
import { type ExplanationStep, explainOrder, type Order } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { useResource } from '../../live/use-resource.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Table } from '../../parts/table.tsx';
import { apiLanguage } from '../../words/api-language.ts';
import { CauseDrawing } from './cause-drawing.tsx';

/** Mails and refunds change no version of the order. */
const everyMs = 10_000;

export const OrderWhy: FunctionComponent<{ order: Order }> = ({ order }) => {
  const { words } = useDesk();
  const order_id = order.id;
  const why = useResource(`why ${order_id} ${order.version}`, (ask, signal) => ask(explainOrder, { params: { order_id }, signal }), {
    every_ms: everyMs,
    changedBy: ({ payload }) => payload['order_id'] === order_id,
  });
  return (
    <Panel
      title={words.why.title(words.order_status[order.status])}
      aside={<span class="quiet small">{words.why.version(order.version)}</span>}
    >
      <Loaded from={why}>
        {({ body }) => (
          <>
            {body.incomplete.length > 0 && <p class="notice warn">{words.why.incomplete(body.incomplete.join(', '))}</p>}
            <p class="summary">
              <strong>{words.why.in_words}</strong> <span lang={apiLanguage}>{body.summary}</span>
            </p>
            <CauseDrawing steps={body.steps} />
            <Steps steps={body.steps} />
          </>
        )}
      </Loaded>
    </Panel>
  );
};

const Steps: FunctionComponent<{ steps: readonly ExplanationStep[] }> = ({ steps }) => {
  const { words, formats } = useDesk();
  const { why: said } = words;
  const columns = [{ title: said.at, is_number: true }, { title: said.service }, { title: said.what }, { title: said.because }];
  return (
    <Table name={said.steps} columns={columns}>
      {steps.map((step) => (
        <tr key={step.number} class={step.is_problem ? 'problem' : undefined}>
          <td class="number" title={formats.moment(step.at)}>
            {formats.duration(step.after_ms)}
          </td>
          <td>{step.service}</td>
          <td>
            {step.number}. <span lang={apiLanguage}>{step.text}</span>
            {step.attempts !== null && step.attempts > 1 && <span class="quiet small"> · {said.attempts(step.attempts)}</span>}
          </td>
          <td>
            {step.because_of.map((cause) => (
              <div key={cause.step} class="small">
                {said.step(cause.step, formats.duration(cause.waited_ms))}
                {cause.event_type !== null && <code> {cause.event_type}</code>}
              </div>
            ))}
          </td>
        </tr>
      ))}
    </Table>
  );
};
