/** Ends a rate of tax at a moment, or deletes it. Orders that were placed before keep theirs. */
import { deleteTaxRate, replaceTaxRate, type TaxRate } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { useCommand } from '../../live/use-resource.ts';
import { versionTag } from '../../live/version-tag.ts';
import { CommandForm } from '../../parts/command-form.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { momentOf, typedMoment } from '../../parts/moment.ts';
import { MomentField } from '../../parts/moment-field.tsx';
import { useForm } from '../../parts/use-form.ts';
import { bodyOf, isAsSent, type RateBody } from './rate-body.ts';
import { rateNow } from './rate-now.ts';

interface EndingProps {
  rate: TaxRate;
  title: string;
  close(): void;
  changed(): Promise<void>;
}

export const EndRate: FunctionComponent<EndingProps> = ({ rate, title, close, changed }) => {
  const { taxes: said } = useDesk().words;
  const form = useForm({ valid_until: typedMoment(rate.valid_until) });
  const params = { rate_id: rate.id };
  const end = useCommand<RateBody, unknown>((ask) => ({
    send: (body) => ask(replaceTaxRate, { params, body, if_match: versionTag(rate) }),
    wasDone: async (body) => (await rateNow(ask, rate.country, (now) => now.id === rate.id && isAsSent(now, body))) !== undefined,
  }));
  return (
    <Dialog title={title} close={close}>
      <CommandForm
        of={end}
        faults={form.faults.value}
        word={said.end}
        close={close}
        send={async () => {
          const valid_until = form.read((typed) => momentOf(typed.text('valid_until')));
          if (valid_until === undefined || !(await end.run({ ...bodyOf(rate), valid_until }))) return;
          close();
          await changed();
        }}
      >
        <p>{said.end_means}</p>
        <MomentField label={said.until} pointer="/valid_until" value={form.typed.valid_until} is_required />
      </CommandForm>
    </Dialog>
  );
};

export const DeleteRate: FunctionComponent<EndingProps> = ({ rate, title, close, changed }) => {
  const { words } = useDesk();
  const remove = useCommand<undefined, unknown>((ask) => ({
    send: () => ask(deleteTaxRate, { params: { rate_id: rate.id }, if_match: versionTag(rate) }),
    wasDone: async () => (await rateNow(ask, rate.country, ({ id }) => id === rate.id)) === undefined,
  }));
  return (
    <Confirm title={title} word={words.delete} is_dangerous of={remove} close={close} done={changed}>
      <p>{words.taxes.delete_means}</p>
    </Confirm>
  );
};
