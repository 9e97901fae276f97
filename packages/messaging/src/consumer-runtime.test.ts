import assert from 'node:assert/strict';
import { test } from 'node:test';
import { manualClock } from '@souk/kernel';
import { anEnvelope, asDelivery } from './testing/an-event.ts';
import { completedOrder, consumerWithDatabase } from './testing/consumer-with-database.ts';

test('fifteen minutes without the database use up no attempt of a message, and then it is handled', async () => {
  const clock = manualClock();
  const end = clock.now() + 15 * 60_000;
  const { database, handled, handle } = consumerWithDatabase(8);
  const event = anEnvelope('order.completed', completedOrder);
  let attempts = 0;
  while (clock.now() < end) {
    const settlements = await handle([asDelivery(event, { attempts })]).catch(() => undefined);
    const [settlement] = settlements ?? [];
    assert.notEqual(settlement?.kind, 'dead');
    if (settlement?.kind === 'retry') attempts += 1;
    // What the adapters do: the delay of a retry, or their longest pause.
    clock.advance(settlement?.kind === 'retry' ? settlement.delay_ms : 5_000);
  }
  assert.equal(attempts, 0);
  database.away = false;
  assert.deepEqual(await handle([asDelivery(event, { attempts })]), [{ kind: 'done' }]);
  assert.equal(handled.length, 1);
});
