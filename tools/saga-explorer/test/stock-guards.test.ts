/** Each guard, tombstone and compensation of stock and of messages: without it, the exploration finds a violation and the steps to it. */
import { realDecisions } from '../src/decisions.ts';
import { holes, unchecked } from './_holes.ts';

const { inventory } = realDecisions;

holes('inventory', [
  {
    without: 'no primary key of reservations: a repeated order reserves again',
    replaced: { inventory: { claimedReservation: (_existing, status) => status } },
    bounds: { pieces: 2 },
    says: /published a second time|pieces are reserved/,
  },
  {
    without: 'no tombstone',
    replaced: {
      inventory: {
        claimedReservation: (existing, status) => (status === 'tombstone' ? undefined : inventory.claimedReservation(existing, status)),
      },
    },
    says: /the order is cancelled, and its reservation is held/,
  },
  {
    without: 'no look at what is available',
    replaced: {
      inventory: {
        grantOrders: (_stock, orders) => orders.map(({ order_id }) => ({ order_id, kind: 'reserved' as const })),
      },
    },
    bounds: { orders: 2 },
    says: /which fails: 2 of 1 pieces/,
  },
  {
    without: 'no look at what is available, nor a constraint on the balance',
    replaced: {
      inventory: {
        grantOrders: (_stock, orders) => orders.map(({ order_id }) => ({ order_id, kind: 'reserved' as const })),
        applyMovements: unchecked,
      },
    },
    bounds: { orders: 2 },
    says: /^2 of 1 pieces are reserved$/,
  },
  {
    without: 'no release at a cancellation',
    replaced: { inventory: { decideRelease: () => 'nothing' } },
    says: /the order is cancelled, and its reservation is held/,
  },
  {
    without: 'no look at whether it was released already',
    replaced: { inventory: { decideRelease: (status) => (status === 'released' ? 'release' : inventory.decideRelease(status)) } },
    says: /which fails: -1 of 1 pieces/,
  },
  {
    without: 'no shipment out of stock',
    replaced: { inventory: { decideShipment: () => 'nothing' } },
    says: /the order is shipped, and its reservation is held/,
  },
  {
    without: 'no look at whether it was shipped already',
    replaced: { inventory: { decideShipment: (status) => (status === 'shipped' ? 'ship' : inventory.decideShipment(status)) } },
    says: /which fails: -1 of -1 pieces|which fails: -1 of 0 pieces/,
  },
]);

holes('messages', [
  {
    without: 'acknowledged before the commit',
    replaced: { consumption: { acknowledges: 'before_commit' } },
    says: /nothing will ever move it but its deadline|reservation is|is kept/,
  },
  {
    without: 'published before the commit',
    replaced: { consumption: { publishes: 'before_commit' } },
    says: /published a second time|impossible|reservation is/,
  },
  {
    without: 'published after the commit, without an outbox',
    replaced: { consumption: { publishes: 'after_commit' } },
    bounds: { lost_acknowledgements: true },
    says: /nothing will ever move it but its deadline|reservation is|is kept/,
  },
  {
    without: 'no look at what was written before the customer had another address',
    replaced: { notifications: { unwritten: (messages) => [...messages] } },
    bounds: { notifications: true, new_address: true },
    says: /the customer is due \[.*\] and gets \[.*\]/,
  },
  {
    without: 'no business key of notifications',
    replaced: { notifications: { unwritten: (messages) => [...messages], insertedMessages: (_existing, rows) => [...rows] } },
    bounds: { notifications: true },
    says: /the customer is due \[.*\] and gets \[.*\]/,
  },
]);
