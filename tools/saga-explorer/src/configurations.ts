/** What is explored, each with its exact bounds. */
import type { Bounds } from './model/checkout.ts';

export interface Configuration {
  name: string;
  /** What it adds to the others. */
  about: string;
  bounds: Bounds;
  /** Explored in a smoke run too. */
  smoke: boolean;
}

const least: Bounds = {
  orders: 1,
  pieces: 1,
  amount: 2,
  late_product: false,
  charge_tasks_max: 1,
  refund_tasks_max: 1,
  staff_refunds_max: 0,
  late_calls: false,
  pages: false,
  lost_acknowledgements: false,
  notifications: false,
  new_address: false,
};
const workers: Partial<Bounds> = { charge_tasks_max: 2, refund_tasks_max: 2, late_calls: true, staff_refunds_max: 1 };

export const configurations: readonly Configuration[] = [
  {
    name: 'one order',
    about: 'all four services, a product that is created late, a customer who changes the address',
    bounds: { ...least, ...workers, late_product: true, notifications: true, new_address: true },
    smoke: false,
  },
  {
    name: 'kills after a commit',
    about: 'a process may be killed between every commit and its acknowledgement',
    bounds: { ...least, ...workers, late_product: true, lost_acknowledgements: true },
    smoke: false,
  },
  {
    name: 'the last piece',
    about: 'two orders for one piece',
    bounds: { ...least, orders: 2, charge_tasks_max: 2 },
    smoke: false,
  },
  {
    name: 'the last piece, late requests',
    about: 'the same, with requests that reach the provider after they were given up',
    bounds: { ...least, orders: 2, late_calls: true },
    smoke: false,
  },
  {
    name: 'the last piece, in short',
    about: 'the same with one process that charges at a time',
    bounds: { ...least, orders: 2 },
    smoke: true,
  },
  {
    name: 'kills and messages',
    about: 'kills between commit and acknowledgement, with notifications',
    bounds: { ...least, staff_refunds_max: 1, notifications: true, lost_acknowledgements: true },
    smoke: true,
  },
  {
    name: 'a page of the provider',
    about: 'the customer pays on a page of the provider, refuses to, or does nothing',
    bounds: { ...least, ...workers, pages: true },
    smoke: false,
  },
  {
    name: 'a page and kills',
    about: 'a page of the provider, and kills between commit and acknowledgement',
    bounds: { ...least, charge_tasks_max: 2, pages: true, lost_acknowledgements: true },
    smoke: true,
  },
  {
    name: 'the last piece, pages',
    about: 'two orders for one piece, each with a page of the provider',
    bounds: { ...least, orders: 2, pages: true },
    smoke: false,
  },
  {
    name: 'sold out',
    about: 'nothing in stock',
    bounds: { ...least, ...workers, pieces: 0, late_product: true, notifications: true },
    smoke: true,
  },
  { name: 'free', about: 'an order of nothing to pay', bounds: { ...least, ...workers, amount: 0, notifications: true }, smoke: true },
];
