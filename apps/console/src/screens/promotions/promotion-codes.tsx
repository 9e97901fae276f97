/** The codes of a promotion, and making further ones. */
import { useSignal } from '@preact/signals';
import { type BodyOf, createPromotionCodes, listPromotionCodes, type PromotionCodeShown, withdrawPromotionCode } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { pageOf } from '../../live/page-of.ts';
import { useCommand, useEntity } from '../../live/use-resource.ts';
import { CommandForm } from '../../parts/command-form.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { List } from '../../parts/list.tsx';
import { Opener } from '../../parts/opener.tsx';
import { Panel } from '../../parts/panel.tsx';
import { TextField } from '../../parts/text-field.tsx';
import type { Place } from '../../router.ts';
import { Used } from './promotion-parts.tsx';

const rowsInPage = 100;
const wholeNumber = /^\d{1,9}$/;

export const PromotionCodes: FunctionComponent<{ promotion_id: string; place: Place }> = ({ promotion_id, place }) => {
  const { words, formats } = useDesk();
  const { promotions: said } = words;
  const codes = useEntity(listPromotionCodes, { params: { promotion_id }, query: pageOf(place, rowsInPage) });
  const columns = [
    { title: said.code, cell: ({ code }: PromotionCodeShown) => <code>{code}</code> },
    { title: said.code_used, is_number: true, cell: ({ used, uses_max }: PromotionCodeShown) => <Used used={used} most={uses_max} /> },
    {
      title: said.withdraw,
      cell: ({ code, withdrawn_at }: PromotionCodeShown) =>
        withdrawn_at === null ? (
          <Opener word={said.withdraw} label={said.withdraw_code(code)} look="button plain">
            {(close) => <WithdrawDialog promotion_id={promotion_id} code={code} close={close} changed={() => codes.renew()} />}
          </Opener>
        ) : (
          said.withdrawn(formats.moment(withdrawn_at))
        ),
    },
  ];
  const add = (
    <Opener word={said.add_codes} look="button plain">
      {(close) => <CodesDialog promotion_id={promotion_id} close={close} changed={() => codes.renew()} />}
    </Opener>
  );
  return (
    <Panel title={said.codes} aside={add}>
      <List name={said.codes} from={codes} columns={columns} keyOf={({ code }) => code} empty={said.no_codes} />
    </Panel>
  );
};

const WithdrawDialog: FunctionComponent<{ promotion_id: string; code: string; close(): void; changed(): Promise<void> }> = ({
  promotion_id,
  code,
  close,
  changed,
}) => {
  const { promotions: said } = useDesk().words;
  // Repeated as it is: what is withdrawn stays so.
  const withdraw = useCommand<undefined, unknown>((ask) => ({
    send: () => ask(withdrawPromotionCode, { params: { promotion_id }, body: { code } }),
  }));
  return (
    <Confirm title={said.withdraw_code(code)} word={said.withdraw} is_dangerous of={withdraw} close={close} done={changed}>
      <p>{said.withdraw_means}</p>
    </Confirm>
  );
};

const CodesDialog: FunctionComponent<{ promotion_id: string; close(): void; changed(): Promise<void> }> = ({
  promotion_id,
  close,
  changed,
}) => {
  const { promotions: said } = useDesk().words;
  const [code, count, uses] = [useSignal(''), useSignal('1'), useSignal('')];
  const params = { promotion_id };
  const create = useCommand((ask) => ({
    send: (body: BodyOf<typeof createPromotionCodes>) => ask(createPromotionCodes, { params, body }),
    // Random ones may be made twice when an answer is lost; a code that was typed is there or is not.
    wasDone: async (body) =>
      body.code !== undefined &&
      (await ask(listPromotionCodes, { params, query: { limit: 1_000 } })).body.some((each) => each.code === body.code),
  }));
  const typed = code.value.trim().toUpperCase();
  const isPossible = wholeNumber.test(count.value.trim()) && (uses.value.trim() === '' || wholeNumber.test(uses.value.trim()));
  return (
    <Dialog title={said.add_codes} close={close}>
      <CommandForm
        of={create}
        word={said.add_codes}
        close={close}
        send={async () => {
          const uses_max = uses.value.trim() === '' ? null : Number(uses.value);
          const body = { uses_max, ...(typed === '' ? { count: Number(count.value) } : { code: typed }) };
          if (!isPossible || !(await create.run(body))) return;
          close();
          await changed();
        }}
      >
        <TextField label={said.one_code} value={code} note={said.one_code_note} />
        {typed === '' && <TextField label={said.how_many} value={count} is_required input_mode="numeric" />}
        <TextField label={said.code_uses} value={uses} note={said.no_limit} input_mode="numeric" />
      </CommandForm>
    </Dialog>
  );
};
