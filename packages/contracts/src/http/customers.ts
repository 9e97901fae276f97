import Type from 'typebox';
import { defineRoute } from '../define-route.ts';
import { UserId } from '../fields.ts';

/** Most people that users asks about at once. */
export const idleGuestsMax = 200;

/** Users asks before it erases guests that seem to have ordered nothing. */
export const findCustomersWithOrders = defineRoute({
  method: 'POST',
  path: '/internal/orders/customers',
  service: 'orders',
  summary: 'Which of these people have ever ordered',
  access: 'internal',
  limit: 'none',
  body: Type.Object({ user_ids: Type.Array(UserId, { minItems: 1, maxItems: idleGuestsMax }) }, { additionalProperties: false }),
  responses: { 200: Type.Object({ user_ids: Type.Array(UserId) }) },
});
