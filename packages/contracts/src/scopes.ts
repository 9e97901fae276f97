/** What an API key may be allowed. A route that names no scope is closed to API keys, whatever they hold. */
export const scopeTable = {
  'products:read': 'Read the catalogue.',
  'products:write': 'Create, change, archive and import products.',
  'orders:read': 'Read all orders and their histories.',
  'orders:write': 'Place, cancel, ship and complete orders, and send their parcels.',
  'inventory:read': 'Read stock and its ledger.',
  'inventory:write': 'Correct stock.',
  'payments:read': 'Read all payments.',
  'payments:write': 'Refund payments.',
  'notifications:read': 'Read the messages to customers.',
  'notifications:write': 'Send a message to a customer again.',
  'users:read': 'Read accounts; also needed to place an order for a customer.',
} as const;

export type Scope = keyof typeof scopeTable;

export const scopeNames = Object.keys(scopeTable) as readonly Scope[];

/** Whether the value is the name of a scope. */
export function isScope(value: unknown): value is Scope {
  return typeof value === 'string' && Object.hasOwn(scopeTable, value);
}
