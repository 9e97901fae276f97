import type { Protection } from '../protection.ts';

const posting = 'services/notifications/test/webhooks.test.ts';
const targets = 'services/notifications/test/webhook-targets.test.ts';
const keeping = 'services/notifications/test/webhook-keeping.test.ts';

export const webhooksProtections: readonly Protection[] = [
  {
    name: 'webhooks: the signature covers the body',
    file: 'services/notifications/src/clients/webhook-secrets.ts',
    from: '.update(content).digest',
    to: '.update(content.slice(0, 36)).digest',
    tests: [posting],
    protects: 'Who posts something else to a receiver is found out.',
  },
  {
    name: 'webhooks: a secret that was rotated away stops signing',
    file: 'services/notifications/src/store/webhooks.ts',
    from: 'and (signs_until is null or signs_until > $2) order by id desc`',
    to: 'and ($2::timestamptz is not null) order by id desc`',
    tests: [keeping],
    protects: 'A secret that has leaked is of no use a day after its rotation.',
  },
  {
    name: 'webhooks: the address is judged at each attempt',
    file: 'services/notifications/src/clients/webhook-poster.ts',
    from: 'if (targetFault(url, allow_private) !== undefined)',
    to: 'if (targetFault(url, true) !== undefined)',
    tests: [targets],
    protects: 'Nothing is posted to a number or a private name, whatever was stored while that was allowed.',
  },
  {
    name: 'webhooks: what a name leads to is judged at each attempt',
    file: 'services/notifications/src/clients/webhook-poster.ts',
    from: 'lookupOf(publicOnly(resolve))',
    to: 'lookupOf(resolve)',
    tests: [targets],
    protects: 'A public name that leads inside is no way into the own network.',
  },
  {
    name: 'webhooks: all addresses of a name are public',
    file: 'services/notifications/src/clients/resolve-public.ts',
    from: 'if (!addresses.every(({ address }) => isGlobalUnicast(address)))',
    to: 'if (!addresses.some(({ address }) => isGlobalUnicast(address)))',
    tests: [targets],
    protects: 'A private address beside a public one is not connected to by chance.',
  },
  {
    name: 'webhooks: a webhook is claimed for by one process at a time',
    file: 'services/notifications/src/store/deliveries.ts',
    from: 'order by w.id for update skip locked`',
    to: 'order by w.id`',
    tests: [posting],
    protects: 'Two processes post no delivery twice, and count what is under way one after the other.',
  },
  {
    name: 'webhooks: a claim is a lease',
    file: 'services/notifications/src/store/deliveries.ts',
    from: 'update deliveries d set lease_until = $3, next_attempt_at = $3',
    to: 'update deliveries d set lease_until = $3',
    tests: [posting],
    protects: 'What is being posted is due for no other process until the lease ends.',
  },
  {
    name: 'webhooks: leases count against what is under way',
    file: 'services/notifications/src/store/deliveries.ts',
    from: '- (select count(*) from deliveries l where l.webhook_id = w.id and l.lease_until > $2))',
    to: '- (select count(*) from deliveries l where l.webhook_id = w.id and l.lease_until > $2 and false))',
    tests: [posting],
    protects: 'No more than four deliveries are under way to one webhook, in all processes together.',
  },
  {
    name: 'webhooks: an outcome belongs to its lease',
    file: 'services/notifications/src/store/deliveries.ts',
    from: 'and event_day = $3::date and lease_until = $4 returning 1`',
    to: 'and event_day = $3::date and $4::timestamptz is not null returning 1`',
    tests: [posting],
    protects: 'A process that is late does not undo what another one has delivered.',
  },
  {
    name: 'webhooks: an event is posted to a webhook once',
    file: 'services/notifications/src/store/deliveries.ts',
    from: 'on conflict do nothing returning 1`',
    to: "on conflict (webhook_id, event_id, event_day) do update set status = 'pending', next_attempt_at = excluded.next_attempt_at returning 1`",
    tests: [posting],
    protects: 'An event that is delivered by the broker once more is posted no second time.',
  },
  {
    name: 'webhooks: deliveries are written with what else the event does',
    file: 'services/notifications/src/use-cases/write-deliveries.ts',
    from: 'await insertDeliveries(tx, messages,',
    to: 'await insertDeliveries(ctx.db as never, messages,',
    tests: [posting],
    protects: 'What was not handled is not posted.',
  },
];
