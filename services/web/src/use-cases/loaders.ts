/** What the parts of one answer need of the services, gathered: one request for all of a kind, and none twice. */
import {
  type Availability,
  getNotificationHistory,
  getUser,
  idListMax,
  listAvailability,
  listOrders,
  listPayments,
  listProducts,
  listUsers,
  type Notification,
  type Order,
  type Payment,
  type Product,
  refusal,
  type User,
} from '@souk/contracts';
import { AppError, isUuid } from '@souk/kernel';
import DataLoader from 'dataloader';
import type { ServiceReader } from '../clients/service-reader.ts';

export interface Loaders {
  product: DataLoader<string, Product | null>;
  /** Of a product. */
  stock: DataLoader<string, Availability | null>;
  order: DataLoader<string, Order | null>;
  user: DataLoader<string, User | null>;
  /** Of an order. */
  payments: DataLoader<string, Payment[]>;
  /** About an order. */
  messages: DataLoader<string, Notification[]>;
}

/** For one request. */
export function createLoaders(read: ServiceReader): Loaders {
  return {
    product: ofEach(
      async (ids) => (await read(listProducts, { query: { ids } })).body,
      ({ id }) => id,
    ),
    stock: ofEach(
      async (product_ids) => (await read(listAvailability, { query: { product_ids } })).body,
      ({ product_id }) => product_id,
    ),
    order: ofEach(
      async (ids) => (await read(listOrders, { query: { ids } })).body,
      ({ id }) => id,
    ),
    user: ofEach(
      (ids) => readUsers(read, ids),
      ({ id }) => id,
    ),
    payments: listsOfEach(
      async (order_ids) => (await read(listPayments, { query: { order_ids } })).body,
      ({ order_id }) => order_id,
    ),
    messages: listsOfEach(
      async (order_ids) => (await read(getNotificationHistory, { query: { order_ids } })).body.notifications,
      ({ order_id }) => order_id,
    ),
  };
}

/** Customers have one account to look at, their own; the list is for staff. */
async function readUsers(read: ServiceReader, ids: string): Promise<User[]> {
  if (ids.includes(',')) return (await read(listUsers, { query: { ids } })).body;
  try {
    return [(await read(getUser, { params: { user_id: ids } })).body];
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') return [];
    throw error;
  }
}

type ReadMany<Found> = (ids: string) => Promise<readonly Found[]>;

function ofEach<Found>(readMany: ReadMany<Found>, idOf: (found: Found) => string): DataLoader<string, Found | null> {
  return loaderOf(readMany, idOf, ([one = null]) => one);
}

function listsOfEach<Found>(readMany: ReadMany<Found>, idOf: (found: Found) => string | null): DataLoader<string, Found[]> {
  return loaderOf(readMany, idOf, (all) => all);
}

/** What is no id is refused alone, and the others are asked for without it. */
function loaderOf<Found, Part>(
  readMany: ReadMany<Found>,
  idOf: (found: Found) => string | null,
  partOf: (found: Found[]) => Part,
): DataLoader<string, Part> {
  const loadAll = async (ids: readonly string[]): Promise<(Part | Error)[]> => {
    const asked = ids.filter(isUuid);
    const found = Map.groupBy(asked.length === 0 ? [] : await readMany(asked.join(',')), idOf);
    return ids.map((id) => (isUuid(id) ? partOf(found.get(id) ?? []) : refusal('validation_failed', 'An id must be a UUID.')));
  };
  return new DataLoader(loadAll, { maxBatchSize: idListMax });
}
