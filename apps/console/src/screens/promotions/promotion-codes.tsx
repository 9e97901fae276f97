/** The codes of a promotion, and making further ones. */
import { useSignal } from '@preact/signals';
import { type BodyOf, createPromotionCodes, listPromotionCodes } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { useCommand, useEntity } from '../../live/use-resource.ts';
import { CommandForm } from '../../parts/command-form.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Pager } from '../../parts/pager.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Table } from '../../parts/table.tsx';
import { TextField } from '../../parts/text-field.tsx';
import { Used } from './promotion-parts.tsx';

const rowsInPage = 100;
const wholeNumber = /^\d{1,9}$/;

interface CodesProps {
  promotion_id: string;
  cursor: string | undefined;
}

export const PromotionCodes: FunctionComponent<CodesProps> = ({ promotion_id, cursor }) => {
  const { words } = useDesk();
  const { promotions: said } = words;
  const isOpen = useSignal(false);
  const query = { limit: rowsInPage, ...(cursor !== undefined && { cursor }) };
  const codes = useEntity(listPromotionCodes, { params: { promotion_id }, query });
  const add = (
    <button
      type="button"
      class="button plain"
      onClick={() => {
        isOpen.value = true;
      }}
    >
      {said.add_codes}
    </button>
  );
  return (
    <Panel title={said.codes} aside={add}>
      <Loaded from={codes}>
        {({ body, next_cursor }) =>
          body.length === 0 ? (
            <p class="empty">{said.no_codes}</p>
          ) : (
            <>
              <Table name={said.codes} columns={[{ title: said.code }, { title: said.code_used, is_number: true }]}>
                {body.map(({ code, used, uses_max }) => (
                  <tr key={code}>
                    <th scope="row">
                      <code>{code}</code>
                    </th>
                    <td class="number">
                      <Used used={used} most={uses_max} />
                    </td>
                  </tr>
                ))}
              </Table>
              <Pager next_cursor={next_cursor} />
            </>
          )
        }
      </Loaded>
      {isOpen.value && (
        <CodesDialog
          promotion_id={promotion_id}
          close={() => {
            isOpen.value = false;
          }}
          changed={() => codes.renew()}
        />
      )}
    </Panel>
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
