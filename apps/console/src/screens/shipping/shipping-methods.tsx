/** Methods of shipping, by zone. */
import { deleteShippingMethod, listShippingMethods, type ShippingMethod, type ShippingZone } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { pageOf } from '../../live/page-of.ts';
import { useCommand, useEntity } from '../../live/use-resource.ts';
import { versionTag } from '../../live/version-tag.ts';
import { Chip } from '../../parts/chip.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { Filter } from '../../parts/filter.tsx';
import { List } from '../../parts/list.tsx';
import { Opener } from '../../parts/opener.tsx';
import { Panel } from '../../parts/panel.tsx';
import type { Place } from '../../router.ts';
import { MethodDialog } from './method-dialog.tsx';
import { methodNow } from './method-now.ts';

interface MethodsProps {
  place: Place;
  zones: readonly ShippingZone[];
}

export const ShippingMethods: FunctionComponent<MethodsProps> = ({ place, zones }) => {
  const { words } = useDesk();
  const { shipping: said } = words;
  const zone_id = zones.find(({ id }) => id === place.query['zone'])?.id;
  const methods = useEntity(listShippingMethods, { query: { ...pageOf(place), ...(zone_id !== undefined && { zone_id }) } });
  const changed = (): Promise<void> => methods.renew();
  const zoneName = (id: string): string => zones.find((zone) => zone.id === id)?.name ?? words.none;
  const columns = [
    { title: said.method, cell: ({ name }: ShippingMethod) => name },
    { title: said.zone, cell: (method: ShippingMethod) => zoneName(method.zone_id) },
    { title: said.code, cell: ({ code }: ShippingMethod) => <code>{code}</code> },
    { title: said.cost, cell: (method: ShippingMethod) => <Cost method={method} /> },
    { title: said.days, cell: ({ days_min, days_max }: ShippingMethod) => said.days_of(days_min, days_max) },
    {
      title: said.state,
      cell: ({ active }: ShippingMethod) => <Chip tone={active ? 'ok' : 'none'}>{active ? said.offered : said.not_offered}</Chip>,
    },
    { title: words.list.actions, cell: (method: ShippingMethod) => <MethodActions method={method} zones={zones} changed={changed} /> },
  ];
  const add = (
    <Opener word={said.add_method}>
      {(close) => <MethodDialog zone_id={zone_id ?? zones[0]?.id ?? ''} zones={zones} close={close} changed={changed} />}
    </Opener>
  );
  return (
    <Panel title={said.methods} aside={add}>
      <Filter
        label={said.zone}
        name="zone"
        choices={[['', said.every_zone], ...zones.map(({ id, name }) => [id, name] as const)]}
        value={zone_id ?? ''}
      />
      <List name={said.methods} from={methods} columns={columns} keyOf={({ id }) => id} empty={said.no_methods} />
    </Panel>
  );
};

const Cost: FunctionComponent<{ method: ShippingMethod }> = ({ method: { kind, steps, currency, free_from } }) => {
  const { words, formats } = useDesk();
  const { shipping: said } = words;
  const money = (amount: number): string => formats.money(amount, currency);
  const begins = (from: number): string => (kind === 'by_weight' ? said.grams(formats.count(from)) : money(from));
  return (
    <>
      {steps.map(({ from, amount }) => (
        <div key={from}>{kind === 'flat' ? money(amount) : said.step(begins(from), money(amount))}</div>
      ))}
      {free_from !== null && <div class="quiet small">{said.free(money(free_from))}</div>}
    </>
  );
};

interface ActionsProps {
  method: ShippingMethod;
  zones: readonly ShippingZone[];
  changed(): Promise<void>;
}

const MethodActions: FunctionComponent<ActionsProps> = ({ method, zones, changed }) => {
  const { words } = useDesk();
  const { shipping: said } = words;
  return (
    <div class="buttons">
      <Opener word={words.change} label={said.change_of(method.name)} look="button plain">
        {(close) => <MethodDialog before={method} zone_id={method.zone_id} zones={zones} close={close} changed={changed} />}
      </Opener>
      <Opener word={words.delete} label={said.delete_of(method.name)} look="button plain">
        {(close) => <DeleteMethod method={method} close={close} changed={changed} />}
      </Opener>
    </div>
  );
};

const DeleteMethod: FunctionComponent<{ method: ShippingMethod; close(): void; changed(): Promise<void> }> = ({
  method,
  close,
  changed,
}) => {
  const { words } = useDesk();
  const { shipping: said } = words;
  const remove = useCommand<undefined, unknown>((ask) => ({
    send: () => ask(deleteShippingMethod, { params: { method_id: method.id }, if_match: versionTag(method) }),
    wasDone: async () => (await methodNow(ask, method.zone_id, ({ id }) => id === method.id)) === undefined,
  }));
  return (
    <Confirm title={said.delete_of(method.name)} word={words.delete} is_dangerous of={remove} close={close} done={changed}>
      <p>{said.delete_means}</p>
    </Confirm>
  );
};
