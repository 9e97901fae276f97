/**
 * Every decision the model takes, by name: those of the services, as production runs them, and how a consumer commits,
 * publishes and acknowledges. A test replaces one of them and expects a violation; nothing else ever does.
 */
import { grantOrders } from '@souk/inventory/domain/grant-orders';
import { decideRelease, decideShipment, orderMovements } from '@souk/inventory/domain/reservation';
import { claimedReservation } from '@souk/inventory/domain/statement-effects';
import { applyMovements } from '@souk/inventory/domain/stock';
import { unwritten } from '@souk/notifications/domain/compose';
import { addressesFor } from '@souk/notifications/domain/contact';
import { insertedMessages } from '@souk/notifications/domain/statement-effects';
import { decideCheckout } from '@souk/orders/domain/checkout-saga';
import { afterCall, chargeKeyOf, firstCall } from '@souk/payments/domain/charging';
import { cancellationChange, cancellationRefundIdOf, checkRefund, decideCancellation, lateRefund } from '@souk/payments/domain/payment';
import {
  asksCustomer,
  cancelledPayment,
  claimedCharge,
  insertedPayment,
  insertedRefunds,
  isClaimable,
  promisedPayment,
  settledCharge,
  settledRefund,
} from '@souk/payments/domain/statement-effects';

/** When a consumer acknowledges its message, and when what it publishes becomes durable. */
export interface Consumption {
  acknowledges: 'after_commit' | 'before_commit';
  publishes: 'with_commit' | 'before_commit' | 'after_commit';
}

/** The key under which the provider is asked to give money back. */
function refundKeyOf({ id }: { id: string; attempt: number }): string {
  return id;
}

export const realDecisions = {
  orders: { decideCheckout },
  inventory: { claimedReservation, grantOrders, decideRelease, decideShipment, orderMovements, applyMovements },
  payments: {
    insertedPayment,
    claimedCharge,
    chargeKeyOf: chargeKeyOf as (task: { id: string; asked: boolean }) => string,
    firstCall,
    afterCall,
    settledCharge,
    asksCustomer,
    lateRefund,
    decideCancellation,
    cancellationChange,
    cancelledPayment,
    cancellationRefundIdOf,
    insertedRefunds,
    checkRefund,
    promisedPayment,
    isClaimable,
    refundKeyOf,
    settledRefund,
    remembersCancelled: true,
  },
  notifications: { addressesFor, unwritten, insertedMessages },
  consumption: { acknowledges: 'after_commit', publishes: 'with_commit' } as Consumption,
};

export type Decisions = typeof realDecisions;
