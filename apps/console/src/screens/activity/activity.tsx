/** What staff did: to accounts and keys, to orders, to stock, to what the shop charges and gives back. Each is read of the service that has written it down. */
import {
  listOrderActions,
  listShopActions,
  listStaffActions,
  listStockActions,
  listUsers,
  type Movement,
  type ShopAction,
  type StaffAction,
  type StaffOrderAction,
} from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { pageOf } from '../../live/page-of.ts';
import type { Ask, Reply } from '../../live/transport.ts';
import { useResource } from '../../live/use-resource.ts';
import { AdminsOnly } from '../../parts/admins-only.tsx';
import { Filter } from '../../parts/filter.tsx';
import { List, type ListColumn } from '../../parts/list.tsx';
import { addressAt, type Place } from '../../router.ts';
import { actorNamed, signed } from './action-texts.ts';
import { ByWhom, Named, NamesContext } from './named.tsx';

type Topic = 'accounts' | 'orders' | 'stock' | 'shop';

interface TopicProps {
  place: Place;
}

const everyMs = 10_000;
/** So many characters of an id tell products apart; the link leads to the name. */
const idShown = 12;
const topics: readonly Topic[] = ['accounts', 'orders', 'stock', 'shop'];

export const Activity: FunctionComponent<TopicProps> = ({ place }) => {
  const { words } = useDesk();
  const { activity: said } = words;
  const topic = topics.find((name) => name === place.query['about']) ?? 'accounts';
  return (
    <AdminsOnly title={words.screens.activity}>
      <p>{said.lead}</p>
      <Filter label={said.about} name="about" choices={topics.map((name) => [name, said.topics[name]] as const)} value={topic} />
      {topic === 'accounts' && <AccountActions place={place} />}
      {topic === 'orders' && <OrderActions place={place} />}
      {topic === 'stock' && <StockActions place={place} />}
      {topic === 'shop' && <ShopActions place={place} />}
    </AdminsOnly>
  );
};

interface NamedPage<Entry> extends Reply<Entry[]> {
  readonly names: ReadonlyMap<string, string>;
}

/** The records with the names that the accounts in them have now; without names where accounts cannot be read. */
async function withNames<Entry>(
  ask: Ask,
  signal: AbortSignal,
  reply: Reply<Entry[]>,
  idsOf: (entry: Entry) => readonly (string | undefined)[],
) {
  const ids = [...new Set(reply.body.flatMap(idsOf))].filter((id) => id !== undefined).join(',');
  const users =
    ids === ''
      ? []
      : await ask(listUsers, { query: { ids }, signal }).then(
          ({ body }) => body,
          () => [],
        );
  return { ...reply, names: new Map(users.map(({ id, full_name }) => [id, full_name])) };
}

interface ActionListProps<Entry> {
  name: string;
  place: Place;
  columns: readonly ListColumn<Entry>[];
  keyOf(entry: Entry): string;
  read(ask: Ask, signal: AbortSignal, page: ReturnType<typeof pageOf>): Promise<Reply<Entry[]>>;
  idsOf(entry: Entry): readonly (string | undefined)[];
}

const ActionList = <Entry,>({ name, place, columns, keyOf, read, idsOf }: ActionListProps<Entry>) => {
  const { words } = useDesk();
  const page = pageOf(place);
  const found = useResource<NamedPage<Entry>>(
    `${name} ${JSON.stringify(page)}`,
    async (ask, signal) => withNames(ask, signal, await read(ask, signal, page), idsOf),
    { every_ms: everyMs },
  );
  return (
    <NamesContext.Provider value={found.known.value.value?.names ?? new Map()}>
      <List name={name} from={found} columns={columns} keyOf={keyOf} empty={words.activity.empty} />
    </NamesContext.Provider>
  );
};

const AccountActions: FunctionComponent<TopicProps> = ({ place }) => {
  const { words, formats } = useDesk();
  const { activity: said } = words;
  const detail = ({ action, object }: StaffAction): string =>
    object === null ? words.none : action === 'role_given' ? words.roles(object) : object;
  const columns = [
    { title: said.at, cell: ({ at }: StaffAction) => formats.moment(at) },
    { title: said.by, cell: ({ by }: StaffAction) => <Named id={by} /> },
    { title: said.what, cell: ({ action }: StaffAction) => said.actions[action] },
    { title: said.to, cell: ({ user_id }: StaffAction) => <Named id={user_id} /> },
    { title: said.detail, cell: detail },
  ];
  return (
    <ActionList
      name={said.topics.accounts}
      place={place}
      columns={columns}
      keyOf={({ id }) => id}
      read={(ask, signal, query) => ask(listStaffActions, { query, signal })}
      idsOf={({ by, user_id }) => [by, user_id]}
    />
  );
};

const OrderActions: FunctionComponent<TopicProps> = ({ place }) => {
  const { words, formats } = useDesk();
  const { activity: said } = words;
  const columns = [
    { title: said.at, cell: ({ at }: StaffOrderAction) => formats.moment(at) },
    { title: said.by, cell: ({ actor }: StaffOrderAction) => <ByWhom actor={actor} /> },
    { title: said.what, cell: ({ cause, to }: StaffOrderAction) => `${cause.replaceAll('_', ' ')}: ${words.order_status[to]}` },
    {
      title: said.order,
      cell: ({ order_id, order_number }: StaffOrderAction) => <a href={addressAt({ screen: 'orders', entry: order_id })}>{order_number}</a>,
    },
    { title: said.detail, cell: ({ note }: StaffOrderAction) => note ?? words.none },
  ];
  return (
    <ActionList
      name={said.topics.orders}
      place={place}
      columns={columns}
      keyOf={({ sequence }) => String(sequence)}
      read={(ask, signal, query) => ask(listOrderActions, { query, signal })}
      idsOf={({ actor }) => [actorNamed(actor)?.user_id]}
    />
  );
};

const StockActions: FunctionComponent<TopicProps> = ({ place }) => {
  const { words, formats } = useDesk();
  const { activity: said } = words;
  const columns = [
    { title: said.at, cell: ({ created_at }: Movement) => formats.moment(created_at) },
    { title: said.by, cell: ({ actor }: Movement) => <ByWhom actor={actor} /> },
    { title: said.what, cell: ({ on_hand_change }: Movement) => said.stock_change(signed(on_hand_change)) },
    {
      title: said.product,
      cell: ({ product_id }: Movement) => <a href={addressAt({ screen: 'products', entry: product_id })}>{product_id.slice(-idShown)}</a>,
    },
    { title: said.detail, cell: ({ reason, kind }: Movement) => reason ?? kind },
  ];
  return (
    <ActionList
      name={said.topics.stock}
      place={place}
      columns={columns}
      keyOf={({ id }) => id}
      read={(ask, signal, query) => ask(listStockActions, { query, signal })}
      idsOf={({ actor }) => [actorNamed(actor)?.user_id]}
    />
  );
};

/** Screens that show one of these. */
const screensOf: Partial<Record<ShopAction['subject'], string>> = {
  promotion: 'promotions',
  promotion_codes: 'promotions',
  return: 'returns',
};

const ShopActions: FunctionComponent<TopicProps> = ({ place }) => {
  const { words, formats } = useDesk();
  const { activity: said } = words;
  const named = ({ subject, subject_id, label }: ShopAction) => {
    const screen = screensOf[subject];
    return screen === undefined ? label : <a href={addressAt({ screen, entry: subject_id })}>{label}</a>;
  };
  const columns = [
    { title: said.at, cell: ({ at }: ShopAction) => formats.moment(at) },
    { title: said.by, cell: ({ actor }: ShopAction) => <ByWhom actor={actor} /> },
    { title: said.what, cell: ({ subject, action }: ShopAction) => said.shop_action(said.subjects[subject], said.shop_actions[action]) },
    { title: said.detail, cell: named },
  ];
  return (
    <ActionList
      name={said.topics.shop}
      place={place}
      columns={columns}
      keyOf={({ id }) => id}
      read={(ask, signal, query) => ask(listShopActions, { query, signal })}
      idsOf={({ actor }) => [actorNamed(actor)?.user_id]}
    />
  );
};
