export type { StandInDispute, StandInEvent, StandInIntent, StandInRefund, StandInSession, StripeFault } from './objects.ts';
export { StripeStandIn } from './stripe-stand-in.ts';
export type { WebhookTarget } from './webhook.ts';
