/** One way of the house's own of calling what the field has a name for. */
export interface PrivateWord {
  /** Words that follow each other in a file name or an identifier: `drain watch` refuses `drain-watch.ts` and `createDrainWatch`. */
  name?: string;
  /** What must not stand in a log line, an error text or any other sentence of the code, nor in a comment of what ships. */
  text?: string;
  /** The terms of the field (docs/glossary.md). */
  instead: string;
  /** Where the word is private; by default everywhere. Elsewhere it is an honest word, such as the picture of a product. */
  where?: RegExp;
}

const names = (words: string, instead: string, where?: RegExp): PrivateWord[] =>
  words.split(', ').map((name) => ({ name, instead, ...(where && { where }) }));
const texts = (phrases: string, instead: string, where?: RegExp): PrivateWord[] =>
  phrases.split(', ').map((text) => ({ text, instead, ...(where && { where }) }));

const messaging = /^packages\/messaging\//;
const messagingSource = /^packages\/messaging\/src\//;
const connections = /^packages\/(messaging|redis)\//;
const operations = /^(services\/(gateway|operations)|packages\/telemetry)\//;
const deadLetters = /^(packages\/messaging|tools\/cli\/src\/(commands\/)?dead)\b/;
const fixtures = /^(packages|services)\/[a-z-]+\/(test|src\/testing)\//;

/** The private words of the house and what the field calls the same. */
export const privateWords: readonly PrivateWord[] = [
  ...names('story, stories', 'correlation, trace context; in a test scenario'),
  ...names('tell, tells, told, teller, telling, untold', 'publish, notify, report'),
  ...names('hear, hears, heard, hearer, hearers, unheard', 'subscribe, receive, subscriber'),
  ...names('figure, figures', 'metrics, stats, status'),
  // Tests of messaging name an event about parcels of goods.
  ...names('parcel, parcels', 'publish request', messagingSource),
  ...names('shipment, shipments', 'publish batch', messaging),
  ...names('link', 'managed connection', connections),
  ...names('redis link', 'Redis connection'),
  ...names('drain watch', 'queue watermark'),
  ...names('silence watch', 'stall detector'),
  ...names('gather pace', 'batch pacing'),
  ...names('try out', 'queue probe'),
  ...names('stalled addresses', 'stalled routes'),
  ...names('stray, strays', 'unpublished row'),
  ...names('twin, twins', 'concurrent duplicate, replica'),
  ...names('key turns', 'per-key mutex'),
  ...names('passage', 'proxy request'),
  ...names('flights, landed, airborne', 'in-flight requests'),
  ...names('visitor, visitors', 'requester'),
  ...names('passport', 'forwarded headers'),
  ...names('eject, ejects, ejected', 'mark unhealthy'),
  ...names('asker', 'service client'),
  ...names('trouble, troubles', 'incident'),
  ...names('blind spot, blind spots', 'missing data'),
  ...names('picture', 'snapshot', operations),
  ...names('looked', 'polled, read'),
  ...names('meet, meets', 'inject a fault'),
  ...names('blow, struck', 'fault'),
  ...names('suffer, suffers', 'have a fault'),
  ...names('ailment, ailments', 'health fault'),
  ...names('wish, wishes', 'fault spec; order request'),
  ...names('lane, roomy', 'limiter, on capacity'),
  ...names('postbag', 'send queue'),
  ...names('seals', 'keyed digests'),
  ...names('taker', 'pool'),
  ...names('distrust', 'discard'),
  ...names('aftermath', 'secondary error'),
  ...names('doubt, doubts', 'suspect, failure detector'),
  ...names('keeper, keepers', 'data service'),
  ...names('furnish, furnished', 'seed'),
  ...names('quarters', 'data directory'),
  ...names('private redis, private rabbit, private broker, private brokers, private server', 'local Redis, local RabbitMQ, local server'),
  ...names('pass deadlines', 'expire orders'),
  ...names('take payment', 'create payment'),
  ...names('return money', 'refund payment'),
  ...names('heed', 'handle'),
  ...names('give back', 'refund payment'),
  ...names('give up, given up', 'dead-letter, force close', messaging),
  ...names('fact, facts', 'event, audit record'),
  ...names('somebody, nobody', 'requester, other user, none'),
  ...names('world', 'test fixture', fixtures),
  ...texts('story, stories', 'correlation, trace'),
  ...texts('tell, tells, told', 'report, publish, notify'),
  ...texts('hear, hears, heard, hearer, hearers', 'receive, subscribe, subscriber'),
  ...texts('figure, figures', 'metrics, stats, value'),
  ...texts('parcel', 'message', messaging),
  ...texts('given up', 'dead-lettered, closed, ended'),
  ...texts('letter, letters', 'dead letter', deadLetters),
  ...texts('stray, strays', 'unpublished'),
  ...texts('twin, twins', 'concurrent duplicate, replica'),
  ...texts('passage', 'proxy request'),
  ...texts('visitor', 'client'),
  ...texts('asker, askers', 'caller, reader'),
  ...texts('suffer, suffers', 'have a fault'),
  ...texts('lane', 'limiter'),
  ...texts('gives up', 'dead-letters, closes, stops'),
  ...texts('trouble, troubles', 'incident'),
  ...texts('wish, wishes', 'fault'),
  ...texts('fact, facts', 'event, audit record, detail'),
  ...texts('somebody, nobody, anybody, whoever', 'a subject that acts: the customer, the process, no consumer'),
];
