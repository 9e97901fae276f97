/**
 * Statements that are not made of constants alone, with what stands for the rest while they are checked; and columns that
 * the schema lets be null and an invariant does not. An entry that is of no use any more fails the check.
 */
import type { StandIns } from './_static-text.ts';

export interface Assembled {
  because: string;
  stand_ins: StandIns;
}

const filters = 'each combination of filters is a statement of its own';

/** By path and function. */
export const assembled: Readonly<Record<string, Assembled>> = {
  'packages/messaging/src/inbox.ts maintainInbox': {
    because: 'a partition is named after its day',
    stand_ins: { name: 'inbox_20261129' },
  },
  'packages/messaging/src/inbox.ts createPartition': {
    because: 'a partition is named after its day; one that exists stands for it',
    stand_ins: { name: 'inbox_other_days', isoDay: '2026-11-29' },
  },
  'services/notifications/src/store/deliveries.ts maintainDeliveries': {
    because: 'a partition is named after its day',
    stand_ins: { name: 'deliveries_20261129' },
  },
  'services/notifications/src/store/deliveries.ts createPartition': {
    because: 'a partition is named after its day; one that exists stands for it',
    stand_ins: { name: 'deliveries_other_days', isoDay: '2026-11-29' },
  },
  'services/orders/src/store/orders.ts readList': {
    because: filters,
    stand_ins: {
      source:
        '(select order_id from order_skus where sku = $3) sold cross join lateral (select * from orders where id = sold.order_id) orders',
      where: 'where user_id = $4',
      key: 'sold.order_id',
    },
  },
  'services/payments/src/store/payments.ts listPayments': { because: filters, stand_ins: { where: 'where p.user_id = $3' } },
  'services/products/src/store/lists.ts rowsOf': {
    because: filters,
    stand_ins: { "conditions.join(' and ')": 'p.group_id = $1', order: 'p.sort_name asc, p.id asc', add: '$2::integer' },
  },
  'services/products/src/store/lists.ts countUpTo': {
    because: filters,
    stand_ins: { "conditions.join(' and ')": 'p.group_id = $1', 'values.length + 1': '2' },
  },
  'services/products/src/store/group-lists.ts groupRows': {
    because: filters,
    stand_ins: { "conditions.join(' and ')": 'p.category = $1', order: 'p.sort_name asc, p.id asc', add: '$2::integer' },
  },
  'services/products/src/store/group-lists.ts countGroups': {
    because: filters,
    stand_ins: { "conditions.join(' and ')": 'p.category = $1', 'values.length + 1': '2' },
  },
  'services/products/src/store/group-lists.ts searchGroups': {
    because: filters,
    stand_ins: {
      candidates: '(select p.id from products p where p.document @@ $1::tsquery limit 1)',
      scoreOf: 'ts_rank(p.document, $1::tsquery)',
      "conditions.join(' and ')": 'r.score < $2::float8',
      order: 'r.score desc, p.id desc',
      add: '$3::integer',
    },
  },
  'services/products/src/store/search.ts countFound': {
    because: filters,
    stand_ins: { counted: '*', candidates: '(select p.id from products p where p.document @@ $1::tsquery limit 1)' },
  },
  'services/products/src/store/group-facets.ts countFacetValues': {
    because: filters,
    stand_ins: {
      parts: `variants as materialized (select p.id as group_id, p.attributes, p.options from products p where p.id = $1), matched as (select group_id from variants)`,
      names: '$2::text[]',
      "statement.add(request.values_max, 'integer')": '$3::integer',
    },
  },
  'services/products/src/store/facets.ts facetRows': {
    because: filters,
    stand_ins: { conditions: 'p.group_id = $1', "statement.add(most, 'integer')": '$2::integer' },
  },
  'services/products/src/store/facets.ts searchedFacetRows': {
    because: filters,
    stand_ins: { candidates: '(select p.id from products p where p.document @@ $1::tsquery limit 1)' },
  },
  'services/products/src/store/search.ts searchProducts': {
    because: filters,
    stand_ins: {
      candidates: '(select p.id from products p where p.document @@ $1::tsquery limit 1)',
      scoreOf: 'ts_rank(p.document, $1::tsquery)',
      "conditions.join(' and ')": 'p.score < $3::float8',
      order: 'p.score desc, p.id desc',
      add: '$2::integer',
      order_of_page: 'r.score desc, r.id desc',
    },
  },
};

/** By path, function and column: why it is not null where the schema allows it. */
export const neverNull: Readonly<Record<string, string>> = {
  'services/inventory/src/store/audit-records.ts reservationRecords key': 'one of the two that are joined has the row, and with it its key',
  'services/products/src/store/group-lists.ts groupRows handle': 'the transaction that makes a group names it',
  'services/products/src/store/group-lists.ts searchGroups handle': 'the transaction that makes a group names it',
  'services/orders/src/store/audit-records.ts orderRecords key': 'one of those that are joined has the row, and with it its key',
  'services/payments/src/store/payments.ts claimCharges payment_method':
    'forgotten only with the end of a payment, and what has ended is not due',
  'services/payments/src/store/order-records.ts recordedDisputes opened_at':
    'only what was not asked about yet has no such time, and is left out',
  'services/payments/src/store/refunds.ts claimRefunds provider_reference':
    'only what was captured is refunded, and a capture has its reference',
  'services/payments/src/store/refunds.ts doneSince provider_reference':
    'only what was captured is refunded, and a capture has its reference',
};
