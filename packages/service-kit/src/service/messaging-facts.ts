import type { ServiceContext } from './context.ts';

/** What the auditor wants to know of a service's messaging: unsent facts and dead letters. One fact, one page. */
export async function messagingFacts({ name, messaging }: ServiceContext, after: string | undefined) {
  if (after !== undefined) return { facts: [], next: null };
  const { outbox, broker_connected } = messaging.health();
  const fact = {
    key: name,
    outbox_backlog: outbox.backlog,
    outbox_oldest_age_s: outbox.oldest_age_s,
    dead_letters: await messaging.deadLetters.count(),
    broker_connected,
  };
  return { facts: [fact], next: null };
}
