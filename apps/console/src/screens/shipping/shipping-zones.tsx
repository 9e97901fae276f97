/** Zones: parts of the world that goods are sent to. */
import { createShippingZone, deleteShippingZone, listShippingZones, replaceShippingZone, type ShippingZone } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { findEntry } from '../../live/find-entry.ts';
import type { Resource } from '../../live/resource.ts';
import type { Ask, Reply } from '../../live/transport.ts';
import { useCommand } from '../../live/use-resource.ts';
import { versionTag } from '../../live/version-tag.ts';
import { CommandForm } from '../../parts/command-form.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { List } from '../../parts/list.tsx';
import { Opener } from '../../parts/opener.tsx';
import { Panel } from '../../parts/panel.tsx';
import { TextField } from '../../parts/text-field.tsx';
import { useForm } from '../../parts/use-form.ts';
import { isZoneAsSent, type ZoneBody, zoneBody, zoneTexts } from './zone-body.ts';

interface Changing {
  close(): void;
  changed(): Promise<void>;
}

const linesOfCodes = 3;

function zoneNow(ask: Ask, fits: (zone: ShippingZone) => boolean): Promise<ShippingZone | undefined> {
  return findEntry((query) => ask(listShippingZones, { query }), fits);
}

export const ShippingZones: FunctionComponent<{ zones: Resource<Reply<ShippingZone[]>> }> = ({ zones }) => {
  const { words, formats } = useDesk();
  const { shipping: said } = words;
  const changed = (): Promise<void> => zones.renew();
  const listed = (codes: readonly string[], none: string): string => (codes.length === 0 ? none : codes.join(', '));
  const columns = [
    { title: said.zone, cell: ({ name }: ShippingZone) => name },
    { title: said.countries, cell: ({ countries }: ShippingZone) => listed(countries.map(formats.country), said.everywhere) },
    { title: said.regions, cell: ({ regions }: ShippingZone) => listed(regions, said.all) },
    { title: said.postal_prefixes, cell: ({ postal_prefixes }: ShippingZone) => listed(postal_prefixes, said.all) },
    {
      title: words.list.actions,
      cell: (zone: ShippingZone) => (
        <div class="buttons">
          <Opener word={words.change} label={said.change_of(zone.name)} look="button plain">
            {(close) => <ZoneDialog before={zone} close={close} changed={changed} />}
          </Opener>
          <Opener word={words.delete} label={said.delete_of(zone.name)} look="button plain">
            {(close) => <DeleteZone zone={zone} close={close} changed={changed} />}
          </Opener>
        </div>
      ),
    },
  ];
  const add = <Opener word={said.add_zone}>{(close) => <ZoneDialog close={close} changed={changed} />}</Opener>;
  return (
    <Panel title={said.zones} aside={add}>
      <List name={said.zones} from={zones} columns={columns} keyOf={({ id }) => id} empty={said.no_zones} />
    </Panel>
  );
};

const ZoneDialog: FunctionComponent<Changing & { before?: ShippingZone }> = ({ before, close, changed }) => {
  const { words } = useDesk();
  const { shipping: said } = words;
  const form = useForm(zoneTexts(before));
  const { typed } = form;
  const save = useCommand<ZoneBody, unknown>((ask) => ({
    send: (body) =>
      before === undefined
        ? ask(createShippingZone, { body })
        : ask(replaceShippingZone, { params: { zone_id: before.id }, body, if_match: versionTag(before) }),
    // Names are not unique: a second zone that says the same would be offered like the first.
    wasDone: async (body) => (await zoneNow(ask, (zone) => isZoneAsSent(zone, body))) !== undefined,
  }));
  return (
    <Dialog title={before === undefined ? said.add_zone : said.change_of(before.name)} close={close}>
      <CommandForm
        of={save}
        faults={form.faults.value}
        word={before === undefined ? said.add_zone : words.save}
        close={close}
        send={async () => {
          const body = form.read(zoneBody);
          if (body === undefined || !(await save.run(body))) return;
          close();
          await changed();
        }}
      >
        <TextField label={said.name} pointer="/name" value={typed.name} is_required />
        <TextField label={said.countries} note={said.countries_note} pointer="/countries" value={typed.countries} lines={linesOfCodes} />
        <TextField label={said.regions} note={said.regions_note} pointer="/regions" value={typed.regions} lines={linesOfCodes} />
        <TextField
          label={said.postal_prefixes}
          note={said.postal_prefixes_note}
          pointer="/postal_prefixes"
          value={typed.postal_prefixes}
          lines={linesOfCodes}
        />
      </CommandForm>
    </Dialog>
  );
};

const DeleteZone: FunctionComponent<Changing & { zone: ShippingZone }> = ({ zone, close, changed }) => {
  const { words } = useDesk();
  const { shipping: said } = words;
  const remove = useCommand<undefined, unknown>((ask) => ({
    send: () => ask(deleteShippingZone, { params: { zone_id: zone.id }, if_match: versionTag(zone) }),
    wasDone: async () => (await zoneNow(ask, ({ id }) => id === zone.id)) === undefined,
  }));
  return (
    <Confirm title={said.delete_of(zone.name)} word={words.delete} is_dangerous of={remove} close={close} done={changed}>
      <p>{said.delete_zone_means}</p>
    </Confirm>
  );
};
