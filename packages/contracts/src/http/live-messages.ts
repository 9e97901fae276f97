/** What a client sends over the WebSocket at `/ws`, and what it gets: JSON texts of the subprotocol `souk.v1`. */
import Type, { type Static } from 'typebox';
import { OrderId, ProductId } from '../fields.ts';
import { idListMax } from './id-list.ts';
import { liveTopics } from './live.ts';

export const liveProtocol = 'souk.v1';
/** A subprotocol that begins so carries the access token of a browser, which can set no header. */
export const tokenProtocolPrefix = 'bearer.';

const exact = { additionalProperties: false } as const;
const SubscriptionId = Type.String({
  minLength: 1,
  maxLength: 64,
  description: 'Chosen by the client; names the subscription in all that is sent for it.',
});
const subscribe = { type: Type.Literal('subscribe'), id: SubscriptionId } as const;

export const SubscribeOrder = Type.Object(
  {
    ...subscribe,
    topic: Type.Literal('order'),
    order_id: OrderId,
    after: Type.Optional(
      Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: 'sequence of the last line that was seen.' }),
    ),
  },
  exact,
);
export const SubscribeStock = Type.Object(
  { ...subscribe, topic: Type.Literal('stock'), product_ids: Type.Array(ProductId, { minItems: 1, maxItems: idListMax }) },
  exact,
);
export const SubscribeShop = Type.Object(
  {
    ...subscribe,
    topic: Type.Literal('shop'),
    topics: Type.Optional(
      Type.Array(Type.Union(liveTopics.map((topic) => Type.Literal(topic))), { minItems: 1, maxItems: liveTopics.length }),
    ),
  },
  exact,
);
export const Unsubscribe = Type.Object({ type: Type.Literal('unsubscribe'), id: SubscriptionId }, exact);
export const Authenticate = Type.Object(
  { type: Type.Literal('authenticate'), token: Type.String({ minLength: 1, maxLength: 3_900 }) },
  exact,
);
export const Ping = Type.Object({ type: Type.Literal('ping') }, exact);

export type LiveRequest =
  | Static<typeof SubscribeOrder>
  | Static<typeof SubscribeStock>
  | Static<typeof SubscribeShop>
  | Static<typeof Unsubscribe>
  | Static<typeof Authenticate>
  | Static<typeof Ping>;

/** `event` and `data` are those of the stream of the same topic; `sequence` is there for orders. */
export type LiveMessage =
  | { type: 'authenticated'; until: string }
  | { type: 'subscribed' | 'unsubscribed' | 'end'; id: string }
  | { type: 'event'; id: string; event: string; sequence?: number; data: unknown }
  | { type: 'error'; id?: string; code: string; detail: string }
  | { type: 'pong' };

/** Why the gateway closes a WebSocket, beside the codes of RFC 6455. */
export const liveCloseCodes = {
  token_ended: 4401,
  idle: 4408,
  slow: 4413,
  too_many_messages: 4429,
} as const;
