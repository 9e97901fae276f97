/** Every protection that is taken away by `npm run mutate`. */
import type { Protection } from '../protection.ts';
import { brokerProtections } from './broker.ts';
import { disputesProtections } from './disputes.ts';
import { inventoryProtections } from './inventory.ts';
import { messagingProtections } from './messaging.ts';
import { notificationsProtections } from './notifications.ts';
import { ordersProtections } from './orders.ts';
import { paymentsProtections } from './payments.ts';
import { postgresProtections } from './postgres.ts';
import { productsProtections } from './products.ts';
import { promotionsProtections } from './promotions.ts';
import { usersProtections } from './users.ts';
import { webhooksProtections } from './webhooks.ts';

export const protections: readonly Protection[] = [
  ...ordersProtections,
  ...promotionsProtections,
  ...inventoryProtections,
  ...paymentsProtections,
  ...disputesProtections,
  ...notificationsProtections,
  ...webhooksProtections,
  ...productsProtections,
  ...usersProtections,
  ...messagingProtections,
  ...brokerProtections,
  ...postgresProtections,
];
