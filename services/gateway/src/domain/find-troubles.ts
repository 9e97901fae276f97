/** What is wrong, in sentences for whoever is awake: what it means for customers, and what to do. */
import type { Trouble } from '@souk/contracts';
import type { Picture } from './platform-picture.ts';

export interface FoundTrouble extends Omit<Trouble, 'since' | 'since_at_least'> {
  /** Where the trouble itself says since when it is there; epoch milliseconds. */
  since_ms?: number | undefined;
}

export interface Looked {
  picture: Picture;
  now_ms: number;
  looking_since_ms: number;
  /** Between two audits of the gateways; 0 for none. */
  audit_interval_s: number;
}

const outboxAgeMaxS = 30;
const queueAgeMaxS = 60;
const waitMaxMs = 120_000;
const errorShareMax = 0.05;
const errorsPerSecondMin = 0.2;
const auditsMissedMax = 3;

/** Without a memory: what is told again under the same id is the same trouble. */
export function findTroubles(looked: Looked): FoundTrouble[] {
  return [
    serviceTroubles,
    brokerTroubles,
    redisTroubles,
    queueTroubles,
    letterTroubles,
    checkoutTroubles,
    breakerTroubles,
    bookTroubles,
    drillTroubles,
    blindSpots,
  ].flatMap((rule) => rule(looked));
}

/** What it means that a whole service is away. */
const consequences: Readonly<Record<string, string>> = {
  users: 'Nobody can sign in or register. Whoever is signed in can go on for some minutes.',
  products: 'The catalogue cannot be read or changed. Orders for products already known are accepted.',
  orders: 'No order can be placed or read. Nothing that was accepted is lost.',
  inventory: 'Orders are accepted and wait for their stock.',
  payments: 'Orders are accepted and wait for their money.',
  notifications: 'Customers are told later. Nothing is lost.',
  gateway: 'Customers reach the shop through other gateways only.',
};

/** These checks are told once for the whole platform. */
const toldElsewhere = /^(broker|redis|chaos|outbox|consumer [a-z.-]+): /;

const brokerPartly = /^broker: (?!not connected)/;

function serviceTroubles({ picture }: Looked): FoundTrouble[] {
  return picture.services.flatMap((service) => {
    const { name, instances, requests } = service;
    const errors = requests !== null && requests.error_share >= errorShareMax && requests.errors_per_second >= errorsPerSecondMin;
    const failing: FoundTrouble[] = errors
      ? [
          {
            ...common(`errors ${name}`, 'degraded', name),
            title: `${name} answers ${percent(requests.error_share)} of its requests with errors`,
            detail: 'See its log for lines at level error.',
          },
        ]
      : [];
    if (service.status === 'unhealthy') return [away(name, instances), ...failing];
    return [...instances.flatMap((instance) => instanceTrouble(name, instance)), ...failing];
  });
}

type Instance = Picture['services'][number]['instances'][number];

function away(name: string, instances: readonly Instance[]): FoundTrouble {
  const [first] = instances;
  const reasons = first === undefined ? 'no instance is registered' : [...new Set(instances.flatMap(({ reasons: own }) => own))].join('; ');
  return {
    ...common(`service ${name}`, 'unhealthy', name),
    title:
      first === undefined || instances.every(({ code_version }) => code_version === null)
        ? `${name} does not answer`
        : `${name} is unhealthy`,
    detail: `${consequences[name] ?? ''} What is known: ${reasons}. See the log of ${name}, and start it again if it has ended.`.trim(),
    command: first === undefined ? null : `curl -s ${first.address}/health`,
  };
}

function instanceTrouble(name: string, { instance_id, address, status, reasons }: Instance): FoundTrouble[] {
  const own = reasons.filter((reason) => !toldElsewhere.test(reason));
  if (status === 'healthy' || own.length === 0) return [];
  return [
    {
      ...common(`instance ${instance_id}`, status, name),
      title: `${instance_id} is ${status}`,
      detail: `${own.join('; ')}. Other instances of ${name} serve.`,
      command: `curl -s ${address}/health`,
    },
  ];
}

const brokerNames: Readonly<Record<string, string>> = { rabbitmq: 'RabbitMQ', embedded: 'The embedded broker' };

function brokerTroubles({ picture }: Looked): FoundTrouble[] {
  const { status, connected, instances, kind } = picture.broker;
  const name = brokerNames[kind] ?? 'The broker';
  // It may be reached and not do all it should.
  const told = picture.services.flatMap((service) =>
    service.instances.flatMap(({ reasons }) => reasons.filter((reason) => brokerPartly.test(reason))),
  );
  if (status === 'healthy' && told.length > 0)
    return [
      {
        ...common('broker partly', 'degraded', null),
        title: `${name} does not do all it should`,
        detail: `${[...new Set(told)].join('; ')}.`,
      },
    ];
  if (status === 'healthy' || instances === 0) return [];
  const waiting = picture.services.reduce((sum, { outbox }) => sum + (outbox?.backlog ?? 0), 0);
  const detail = `Orders are accepted; what follows waits. ${eventsWait(waiting)} in the outboxes, to leave when it is back.`;
  const title = connected === 0 ? `${name} does not answer` : `${name} is reached by ${connected} of ${instances} processes`;
  return [{ ...common('broker', connected === 0 ? 'unhealthy' : 'degraded', null), title, detail }];
}

function redisTroubles({ picture: { redis } }: Looked): FoundTrouble[] {
  if (redis === null || redis.status === 'healthy') return [];
  const title = redis.connected === 0 ? 'Redis does not answer' : `Redis is reached by ${redis.connected} of ${redis.instances} processes`;
  const detail = 'The shop sells on, slower: caches are local, gateways count limits alone, and the list of instances stands still.';
  return [{ ...common('redis', 'degraded', null), title, detail }];
}

function queueTroubles({ picture, now_ms }: Looked): FoundTrouble[] {
  // Without the broker all of this follows, and is told there.
  if (picture.broker.connected === 0) return [];
  const stands = new Set(picture.services.filter(({ status }) => status !== 'unhealthy').map(({ name }) => name));
  const outboxes = picture.services.flatMap(({ name, outbox }): FoundTrouble[] => {
    if (outbox === null || outbox.oldest_age_s <= outboxAgeMaxS) return [];
    const detail = 'What waits leaves by itself when the broker takes it; see the log of the service for why it does not.';
    const since_ms = now_ms - outbox.oldest_age_s * 1_000;
    return [
      { ...common(`outbox ${name}`, 'degraded', name), title: `${eventsWait(outbox.backlog)} in the outbox of ${name}`, detail, since_ms },
    ];
  });
  const unheard = picture.queues.flatMap(({ queue, service, attached, ready }): FoundTrouble[] => {
    if (attached > 0 || !stands.has(service)) return [];
    const detail = `${ready === null ? 'How many events wait is not known' : eventsWait(ready)}. The consumer comes back by itself; if it stays away, restart ${service}.`;
    return [{ ...common(`consumer ${queue}`, 'degraded', service), title: `Nobody consumes ${queue}`, detail }];
  });
  const behind = picture.queues.flatMap(({ queue, service, oldest_age_s, ready, attached }): FoundTrouble[] => {
    if (oldest_age_s === null || oldest_age_s <= queueAgeMaxS || attached === 0) return [];
    const detail = `${eventsWait(ready ?? 0)} in it. Start another replica of ${service}, or see its log for why it is slow.`;
    return [
      { ...common(`queue ${queue}`, 'degraded', service), title: `${queue} is behind`, detail, since_ms: now_ms - oldest_age_s * 1_000 },
    ];
  });
  return [...outboxes, ...unheard, ...behind];
}

function letterTroubles({ picture }: Looked): FoundTrouble[] {
  return picture.dead_letters.map(({ queue, service, count, oldest_at, reasons, command }) => ({
    ...common(`letters ${queue}`, 'notice', service),
    title: count === 1 ? `1 message of ${queue} was given up` : `${count} messages of ${queue} were given up`,
    detail: `Reason: ${reasons.join(', ')}. Look at them, mend the cause, then replay or discard them.`,
    command,
    since_ms: Date.parse(oldest_at),
  }));
}

const waitsFor: Readonly<Record<string, string>> = { pending: 'stock', awaiting_payment: 'money' };

function checkoutTroubles({ picture, now_ms }: Looked): FoundTrouble[] {
  return (picture.checkouts ?? []).flatMap(({ status, count, oldest_at }): FoundTrouble[] => {
    const since_ms = oldest_at === null ? now_ms : Date.parse(oldest_at);
    if (now_ms - since_ms <= waitMaxMs) return [];
    const detail = `${count} orders are ${status}. They end by themselves when the service they wait for is back, or at their deadline.`;
    return [
      { ...common(`checkout ${status}`, 'degraded', 'orders'), title: `Orders wait for ${waitsFor[status] ?? status}`, detail, since_ms },
    ];
  });
}

function breakerTroubles({ picture }: Looked): FoundTrouble[] {
  return picture.breakers
    .filter(({ state }) => state !== 'closed')
    .map(({ upstream, gateway, state }) => ({
      ...common(`breaker ${gateway} ${upstream}`, state === 'open' ? 'degraded' : 'notice', upstream),
      title: state === 'open' ? `${gateway} sends ${upstream} nothing for the moment` : `${gateway} tries ${upstream} again`,
      detail: `Too many of its answers failed. The breaker closes by itself with the first good answer.`,
    }));
}

function bookTroubles({ picture: { audit }, now_ms, looking_since_ms, audit_interval_s }: Looked): FoundTrouble[] {
  const found: FoundTrouble[] = [];
  if (audit !== null && !audit.balanced) {
    const title = `The books do not balance: ${audit.violations} violation${audit.violations === 1 ? '' : 's'}`;
    const detail = 'Money or stock is not what it should be. The command names each order, payment and product.';
    found.push({ ...common('books', 'unhealthy', null), title, detail, command: 'npm run souk -- audit' });
  }
  const age_s = (now_ms - (audit === null ? looking_since_ms : Date.parse(audit.finished_at))) / 1_000;
  if (audit_interval_s > 0 && age_s > auditsMissedMax * audit_interval_s) {
    const detail = 'It could not read all services, or found no time. See the log of the gateway.';
    found.push({
      ...common('audit late', 'notice', null),
      title: 'The books have not been audited for long',
      detail,
      command: 'npm run souk -- audit',
      since_ms: now_ms - age_s * 1_000,
    });
  }
  return found;
}

function drillTroubles({ picture }: Looked): FoundTrouble[] {
  return picture.services.flatMap(({ name, instances }) =>
    instances.flatMap(({ instance_id, address, chaos }): FoundTrouble[] => {
      if (chaos === null) return [];
      const words = [
        ...(chaos.latency_ms === null
          ? []
          : [`${percent(chaos.latency_share ?? 1)} of its requests are held back for ${chaos.latency_ms} ms`]),
        ...(chaos.error_share === null ? [] : [`${percent(chaos.error_share)} of its requests are refused with ${chaos.error_status}`]),
        ...(chaos.unhealthy ? ['it calls itself unhealthy'] : []),
      ];
      const detail = `On purpose: ${words.join(', ')}. It ends by itself; the command ends it now.`;
      const command = `curl -X DELETE ${address}/chaos -H "Authorization: Bearer $CHAOS_TOKEN"`;
      const since_ms = chaos.since === null ? undefined : Date.parse(chaos.since);
      return [{ ...common(`drill ${instance_id}`, 'notice', name), title: `A drill is on at ${instance_id}`, detail, command, since_ms }];
    }),
  );
}

/** Parts that did not come, where nothing else explains it. */
function blindSpots({ picture }: Looked): FoundTrouble[] {
  return picture.missing
    .filter(({ part }) => part !== 'everything' && !(part === 'queues' && picture.broker.connected === 0))
    .map(({ instance_id, part, reason }) => ({
      ...common(`blind ${instance_id} ${part}`, 'notice', null),
      title: `The ${part} of ${instance_id} cannot be read`,
      detail: `Reason: ${reason}. What is shown of them may be incomplete.`,
    }));
}

function common(
  id: string,
  severity: Trouble['severity'],
  service: string | null,
): Pick<FoundTrouble, 'id' | 'severity' | 'service' | 'command'> {
  return { id, severity, service, command: null };
}

function percent(share: number): string {
  return share < 0.1 ? `${(share * 100).toFixed(1)} %` : `${Math.round(share * 100)} %`;
}

function eventsWait(count: number): string {
  return count === 1 ? '1 event waits' : `${count} events wait`;
}
