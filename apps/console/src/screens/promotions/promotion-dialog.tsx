/** Makes a promotion, which applies to no order before it is started, or changes one for the version that is shown. */
import { useSignal } from '@preact/signals';
import { changePromotion, createPromotion, getPromotion, type Promotion } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { useCommand } from '../../live/use-resource.ts';
import { versionTag } from '../../live/version-tag.ts';
import { Checks } from '../../parts/checks.tsx';
import { CommandForm } from '../../parts/command-form.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { SelectField } from '../../parts/select-field.tsx';
import { TextField } from '../../parts/text-field.tsx';
import { useForm } from '../../parts/use-form.ts';
import { isPromotionAsSent, promotionBody, promotionTexts } from './promotion-body.ts';
import { PromotionFields } from './promotion-fields.tsx';

interface PromotionDialogProps {
  before?: Promotion;
  close(): void;
  /** With what there is after it, where that is known. */
  done(promotion: Promotion | undefined): void;
}

type Sent = ReturnType<typeof promotionBody>;

const labelMax = 200;

export const PromotionDialog: FunctionComponent<PromotionDialogProps> = ({ before, close, done }) => {
  const { words } = useDesk();
  const { promotions: said } = words;
  const form = useForm(promotionTexts(before));
  const kind = useSignal<Promotion['kind']>(before?.kind ?? 'percent');
  const chosen = useSignal<ReadonlySet<string>>(new Set((['automatic', 'combinable'] as const).filter((name) => before?.[name] === true)));
  const save = useCommand<Sent, Promotion>((ask) => ({
    async send(body) {
      // A new one has no key of its own: one that arrived twice is made twice, is not active, and is seen in the list.
      if (before === undefined) return (await ask(createPromotion, { body: { ...body, kind: kind.value, active: false } })).body;
      return (await ask(changePromotion, { params: { promotion_id: before.id }, body, if_match: versionTag(before) })).body;
    },
    ...(before !== undefined && {
      wasDone: async (body: Sent) => isPromotionAsSent((await ask(getPromotion, { params: { promotion_id: before.id } })).body, body),
    }),
  }));
  const word = before === undefined ? said.add : words.save;
  return (
    <Dialog title={before === undefined ? said.add : said.change_of(before.label)} close={close}>
      <CommandForm
        of={save}
        faults={form.faults.value}
        word={word}
        close={close}
        send={async () => {
          const choices = { kind: kind.value, automatic: chosen.value.has('automatic'), combinable: chosen.value.has('combinable') };
          const body = form.read((typed) => promotionBody(typed, choices, before));
          if (body === undefined || !(await save.run(body))) return;
          const { value } = save.progress;
          close();
          done(value.state === 'done' ? value.result : undefined);
        }}
      >
        <TextField label={said.label} pointer="/label" value={form.typed.label} is_required length_max={labelMax} />
        {before === undefined && (
          <SelectField
            label={said.kind}
            choices={Object.entries(said.kinds)}
            value={kind.value}
            choose={(name) => {
              kind.value = name as Promotion['kind'];
            }}
          />
        )}
        <PromotionFields kind={kind.value} typed={form.typed} />
        <Checks legend={said.applies} choices={{ automatic: said.automatic, combinable: said.combinable }} chosen={chosen} />
      </CommandForm>
    </Dialog>
  );
};
