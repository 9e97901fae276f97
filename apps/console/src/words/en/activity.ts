import type { StaffAction } from '@souk/contracts';

export const activity = {
  lead: 'Read from what the services have written down together with what was done. The newest first.',
  about: 'About',
  topics: { accounts: 'Accounts and keys', orders: 'Orders', stock: 'Stock' },
  by: 'Who',
  at: 'When',
  what: 'What',
  to: 'To',
  detail: 'Details',
  gone: (id: string) => `erased account ${id}`,
  key: (id: string) => `by API key ${id}`,
  empty: 'Staff have done nothing of this kind.',
  actions: {
    role_given: 'Gave a role',
    sessions_ended: 'Ended sessions',
    second_factor_reset: 'Removed a second factor',
    account_changed: 'Changed an account',
    account_erased: 'Erased an account',
    api_key_created: 'Made an API key',
    api_key_deleted: 'Revoked an API key',
  } satisfies Record<StaffAction['action'], string>,
  order: 'Order',
  product: 'Product',
  stock_change: (change: string) => `${change} on hand`,
};
