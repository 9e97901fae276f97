/** Adds a method of shipping, or changes one for the version that is shown. */
import { useSignal } from '@preact/signals';
import { createShippingMethod, replaceShippingMethod, type ShippingMethod, type ShippingZone } from '@souk/contracts';
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
import { isMethodAsSent, type MethodBody, methodBody, methodTexts } from './method-body.ts';
import { methodNow } from './method-now.ts';

interface MethodDialogProps {
  before?: ShippingMethod;
  zone_id: string;
  zones: readonly ShippingZone[];
  close(): void;
  changed(): Promise<void>;
}

const linesOfSteps = 4;
const currencyLength = 3;

export const MethodDialog: FunctionComponent<MethodDialogProps> = ({ before, zone_id, zones, close, changed }) => {
  const { words } = useDesk();
  const { shipping: said } = words;
  const form = useForm(methodTexts(before, zone_id));
  const offered = useSignal<ReadonlySet<string>>(new Set(before?.active === false ? [] : ['active']));
  const save = useCommand<MethodBody, unknown>((ask) => ({
    send: (body) =>
      before === undefined
        ? ask(createShippingMethod, { body })
        : ask(replaceShippingMethod, { params: { method_id: before.id }, body, if_match: versionTag(before) }),
    // A code is unique in its zone: one that says all of this is the one that was sent.
    wasDone: async (body) => (await methodNow(ask, body.zone_id, (method) => isMethodAsSent(method, body))) !== undefined,
  }));
  return (
    <Dialog title={before === undefined ? said.add_method : said.change_of(before.name)} close={close}>
      <CommandForm
        of={save}
        faults={form.faults.value}
        word={before === undefined ? said.add_method : words.save}
        close={close}
        send={async () => {
          const body = form.read((typed) => methodBody(typed, offered.value.has('active')));
          if (body === undefined || !(await save.run(body))) return;
          close();
          await changed();
        }}
      >
        <MethodFields typed={form.typed} zones={zones} />
        <Checks legend={said.state} choices={{ active: said.offered }} chosen={offered} />
      </CommandForm>
    </Dialog>
  );
};

type Typed = ReturnType<typeof useForm<keyof ReturnType<typeof methodTexts>>>['typed'];

const MethodFields: FunctionComponent<{ typed: Typed; zones: readonly ShippingZone[] }> = ({ typed, zones }) => {
  const { shipping: said } = useDesk().words;
  const kind = typed.kind.value as MethodBody['kind'];
  const choose = (name: 'zone_id' | 'kind') => (chosen: string) => {
    typed[name].value = chosen;
  };
  return (
    <>
      <SelectField
        label={said.zone}
        pointer="/zone_id"
        choices={zones.map(({ id, name }) => [id, name] as const)}
        value={typed.zone_id.value}
        choose={choose('zone_id')}
      />
      <TextField label={said.name} note={said.name_note} pointer="/name" value={typed.name} is_required />
      <TextField label={said.code} note={said.code_note} pointer="/code" value={typed.code} is_required />
      <SelectField label={said.cost} pointer="/kind" choices={Object.entries(said.kinds)} value={kind} choose={choose('kind')} />
      <TextField label={said.currency} pointer="/currency" value={typed.currency} is_required length_max={currencyLength} />
      <TextField
        label={kind === 'flat' ? said.price : said.steps}
        note={kind === 'flat' ? undefined : said.steps_note[kind]}
        pointer="/steps"
        value={typed.steps}
        is_required
        lines={kind === 'flat' ? 1 : linesOfSteps}
        input_mode="decimal"
      />
      <TextField label={said.free_from} note={said.free_from_note} pointer="/free_from" value={typed.free_from} input_mode="decimal" />
      <TextField label={said.days_min} pointer="/days_min" value={typed.days_min} is_required input_mode="numeric" />
      <TextField label={said.days_max} pointer="/days_max" value={typed.days_max} is_required input_mode="numeric" />
      <TextField label={said.tax_class} note={said.tax_class_note} pointer="/tax_class" value={typed.tax_class} />
      <TextField
        label={said.position}
        note={said.position_note}
        pointer="/position"
        value={typed.position}
        is_required
        input_mode="numeric"
      />
    </>
  );
};
