/** Adds a rate of tax, or changes one for the version that is shown. */
import { createTaxRate, replaceTaxRate, type TaxRate } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { useCommand } from '../../live/use-resource.ts';
import { versionTag } from '../../live/version-tag.ts';
import { CommandForm } from '../../parts/command-form.tsx';
import { CountryField } from '../../parts/country-field.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { MomentField } from '../../parts/moment-field.tsx';
import { TextField } from '../../parts/text-field.tsx';
import { useForm } from '../../parts/use-form.ts';
import { isAsSent, type RateBody, rateBody, rateTexts } from './rate-body.ts';
import { rateNow } from './rate-now.ts';

interface RateDialogProps {
  before?: TaxRate;
  /** What a new one begins with. */
  country: string;
  close(): void;
  changed(): Promise<void>;
}

export const RateDialog: FunctionComponent<RateDialogProps> = ({ before, country, close, changed }) => {
  const { words } = useDesk();
  const { taxes: said } = words;
  const form = useForm(rateTexts(before, country));
  const { typed } = form;
  const save = useCommand<RateBody, unknown>((ask) => ({
    send: (body) =>
      before === undefined
        ? ask(createTaxRate, { body })
        : ask(replaceTaxRate, { params: { rate_id: before.id }, body, if_match: versionTag(before) }),
    // Two of one place and name are never valid at the same time: one that says all of this is the one that was sent.
    wasDone: async (body) => (await rateNow(ask, body.country, (rate) => isAsSent(rate, body))) !== undefined,
  }));
  const word = before === undefined ? said.add_rate : words.save;
  return (
    <Dialog title={before === undefined ? said.add_rate : said.change_rate} close={close}>
      <CommandForm
        of={save}
        faults={form.faults.value}
        word={word}
        close={close}
        send={async () => {
          const body = form.read((reader) => rateBody(reader, before));
          if (body === undefined || !(await save.run(body))) return;
          close();
          await changed();
        }}
      >
        {before !== undefined && <p>{said.change_means}</p>}
        <CountryField
          label={said.country}
          pointer="/country"
          value={typed.country.value}
          choose={(chosen) => {
            typed.country.value = chosen;
          }}
        />
        <TextField label={said.region} note={said.region_note} pointer="/region" value={typed.region} />
        <TextField label={said.postal_prefix} note={said.postal_prefix_note} pointer="/postal_prefix" value={typed.postal_prefix} />
        <TextField label={said.name} note={said.name_note} pointer="/name" value={typed.name} is_required />
        <TextField label={said.tax_class} note={said.tax_class_note} pointer="/tax_class" value={typed.tax_class} />
        <TextField label={said.percent} pointer="/rate_percent" value={typed.rate_percent} is_required input_mode="decimal" />
        <MomentField label={said.from} note={said.from_note} pointer="/valid_from" value={typed.valid_from} />
        <MomentField label={said.until} note={said.until_note} pointer="/valid_until" value={typed.valid_until} />
      </CommandForm>
    </Dialog>
  );
};
