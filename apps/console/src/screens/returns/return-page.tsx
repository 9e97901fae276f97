/** One return: what was announced, what arrived, what goes back, and the next step. */
import { useSignal } from '@preact/signals';
import { getReturn, type Return } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { useEntity } from '../../live/use-resource.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Table } from '../../parts/table.tsx';
import { addressAt } from '../../router.ts';
import { ReceiveDialog } from './receive-dialog.tsx';
import { type Decision, DecisionDialog } from './return-decision.tsx';
import { ReturnRefundDialog } from './return-refund-dialog.tsx';
import { ReturnStateChip } from './return-state.tsx';
import type { ReturnStepProps } from './return-step.ts';

const everyMs = 5_000;

type Step = Decision | 'receive' | 'refund';

const steps: Readonly<Record<Return['state'], readonly Step[]>> = {
  requested: ['approve', 'reject'],
  approved: ['receive', 'close'],
  received: ['refund'],
  refunding: [],
  refunded: [],
  rejected: [],
  closed: [],
};

export const ReturnPage: FunctionComponent<{ return_id: string }> = ({ return_id }) => {
  const { words, formats } = useDesk();
  const { returns: said } = words;
  const known = useEntity(
    getReturn,
    { params: { return_id } },
    { every_ms: everyMs, isNewer: (before, read) => read.body.version >= before.body.version },
  );
  return (
    <Loaded from={known}>
      {({ body, etag }) => (
        <>
          <header class="page-head">
            <div>
              <div class="title">
                <h1>{body.number}</h1>
                <ReturnStateChip state={body.state} />
              </div>
              <p class="quiet">
                {formats.moment(body.created_at)} · <a href={addressAt({ screen: 'orders', entry: body.order_id })}>{said.order}</a>
              </p>
            </div>
            <Steps of={body} etag={etag} changed={() => known.renew()} />
          </header>
          <Items of={body} />
          {body.refund !== null && <Refund of={body} refund={body.refund} />}
        </>
      )}
    </Loaded>
  );
};

const Steps: FunctionComponent<Omit<ReturnStepProps, 'close'>> = ({ of, etag, changed }) => {
  const { words } = useDesk();
  const open = useSignal<Step | undefined>(undefined);
  const close = (): void => {
    open.value = undefined;
  };
  const props = { of, etag, close, changed };
  return (
    <div class="buttons">
      {steps[of.state].map((step, index) => (
        <button
          key={step}
          type="button"
          class={index === 0 ? 'button' : 'button plain'}
          onClick={() => {
            open.value = step;
          }}
        >
          {words.returns[step]}
        </button>
      ))}
      {open.value === 'receive' && <ReceiveDialog {...props} />}
      {open.value === 'refund' && <ReturnRefundDialog {...props} />}
      {open.value !== undefined && open.value !== 'receive' && open.value !== 'refund' && (
        <DecisionDialog {...props} decision={open.value} />
      )}
    </div>
  );
};

const Items: FunctionComponent<{ of: Return }> = ({ of }) => {
  const { words, formats } = useDesk();
  const { returns: said } = words;
  const columns = [
    { title: words.orders.product },
    { title: said.announced, is_number: true },
    { title: said.restock, is_number: true },
    { title: said.write_off, is_number: true },
    { title: words.act.reason },
  ];
  return (
    <Panel title={said.items}>
      <Table name={said.items} columns={columns}>
        {of.items.map((item) => (
          <tr key={item.product_id}>
            <th scope="row">
              <a href={addressAt({ screen: 'products', entry: item.product_id })}>{item.name}</a>
            </th>
            <td class="number">{formats.count(item.quantity)}</td>
            <td class="number">{formats.count(item.restock)}</td>
            <td class="number">{formats.count(item.write_off)}</td>
            <td>{item.reason}</td>
          </tr>
        ))}
      </Table>
    </Panel>
  );
};

const Refund: FunctionComponent<{ of: Return; refund: NonNullable<Return['refund']> }> = ({ of, refund }) => {
  const { words, formats } = useDesk();
  const { returns: said } = words;
  const money = (amount: number): string => formats.money(amount, of.currency);
  return (
    <Panel title={said.refunded}>
      <dl class="facts">
        <dt>{said.goods}</dt>
        <dd>{money(refund.items_amount)}</dd>
        <dt>{said.shipping}</dt>
        <dd>{money(refund.shipping_amount)}</dd>
        <dt>{said.kept}</dt>
        <dd>{money(refund.deduction)}</dd>
        <dt>{said.back}</dt>
        <dd>
          <strong>{money(refund.amount)}</strong> {refund.reason}
        </dd>
      </dl>
    </Panel>
  );
};
