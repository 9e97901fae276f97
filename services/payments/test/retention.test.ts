import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { silentLog, systemClock } from '@souk/kernel';
import { openDatabase } from '@souk/postgres';
import { createSandboxProvider } from '../src/clients/sandbox-provider.ts';
import { systemTimer } from '../src/clients/system-timer.ts';
import { createPaymentConsumer } from '../src/consumers/create-payment.ts';
import { refundPaymentConsumer } from '../src/consumers/refund-payment.ts';
import { forgetRefusals } from '../src/jobs/forget-refusals.ts';
import { aCancellation, aPaymentRequest, faultyProvider, hand, startPayments } from './_support.ts';

const provider = faultyProvider();
const payments = await startPayments({}, { provider });
provider.connect(payments.database.url);
after(() => payments.stop());
const { context, db } = payments;

const methodOf = async ({ order_id }: { order_id: string }) => {
  const [row] = await db.query<{ status: string; payment_method: string | null }>(
    'select status, payment_method from payments where order_id = $1',
    [order_id],
  );
  return [row?.status, row?.payment_method];
};

test('the token of a payment method is kept while a charge may be sent with it, and not a moment longer', async () => {
  const [good, bad, late] = [aPaymentRequest(), aPaymentRequest({ payment_method: 'tok_declined' }), aPaymentRequest()];
  await hand(context, refundPaymentConsumer, aCancellation({ order_id: late.order_id }));
  provider.fault = () => 'away';
  await hand(context, createPaymentConsumer, good);
  assert.deepEqual((await methodOf(good))[1], 'tok_visa', 'it may have to be sent again');
  provider.fault = () => 'none';
  await hand(context, createPaymentConsumer, bad, late);
  await payments.settled();
  assert.deepEqual(await methodOf(good), ['captured', null]);
  assert.deepEqual(await methodOf(bad), ['declined', null]);
  assert.deepEqual(await methodOf(late), ['declined', null], 'never asked for, because the order had been cancelled');
});

test('a payment that is void before it began forgets its method', async () => {
  const request = aPaymentRequest();
  // No limiter takes it: as in a process that has no room.
  const charges = { ...context.charges, room: () => 0, take: () => undefined };
  await hand({ ...context, charges, wakeJob: () => undefined }, createPaymentConsumer, request);
  await hand(context, refundPaymentConsumer, aCancellation({ order_id: request.order_id }));
  await payments.settled();
  const [status, method] = await methodOf(request);
  assert.equal(method, null, `it is ${status}`);
});

test('the sandbox forgets old charges that took no money, and none that the books need', async () => {
  for (const payment_method of ['tok_visa', 'tok_declined', 'tok_declined'])
    await hand(context, createPaymentConsumer, aPaymentRequest({ payment_method }));
  await payments.settled();
  const count = async () =>
    await db.query<{ taken: boolean; count: number }>(
      `select status = 'succeeded' taken, count(*)::int count from sandbox.charges group by 1 order by 1`,
    );
  const before = await count();
  await db.query(`update sandbox.charges set updated_at = now() - interval '91 days' where ctid in (
    select ctid from sandbox.charges where status = 'declined' limit 1) or status = 'succeeded'`);
  const sandbox = openDatabase({ url: payments.database.url, application_name: 'test sandbox', pool_max: 1, log: silentLog });
  const real = createSandboxProvider({ db: sandbox, clock: systemClock, timer: systemTimer, webhook_secret: undefined });
  await forgetRefusals.run({ ...context, provider: real }, new AbortController().signal);
  await real.close();
  assert.deepEqual(
    (await count()).map(({ taken, count: left }) => [taken, left]),
    before.map(({ taken, count: left }) => [taken, taken ? left : left - 1]),
  );
});
