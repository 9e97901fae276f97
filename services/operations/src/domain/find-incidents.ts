/** The incidents that a snapshot shows: what each means for customers, and what to do. */
import { type Incident, serviceEntry } from '@souk/contracts';
import type { PlatformSnapshot } from './platform-snapshot.ts';

export interface FoundIncident extends Omit<Incident, 'since' | 'since_at_least'> {
  /** Where the snapshot says since when; epoch milliseconds. */
  since_ms?: number | undefined;
}

export interface Observation {
  snapshot: PlatformSnapshot;
  now_ms: number;
  observing_since_ms: number;
  /** Between two audits; 0 for none. */
  audit_interval_s: number;
}

const outboxAgeMaxS = 30;
const queueAgeMaxS = 60;
const waitMaxMs = 120_000;
const errorShareMax = 0.05;
const errorsPerSecondMin = 0.2;
const auditsMissedMax = 3;

/** Incidents of one observation; the same id in another one is the same incident. */
export function findIncidents(observation: Observation): FoundIncident[] {
  return [
    serviceIncidents,
    brokerIncidents,
    redisIncidents,
    queueIncidents,
    deadLetterIncidents,
    checkoutIncidents,
    breakerIncidents,
    auditIncidents,
    faultInjectionIncidents,
    missingDataIncidents,
  ].flatMap((rule) => rule(observation));
}

/** These checks are reported once for the whole platform. */
const reportedOnce = /^(broker|redis|chaos|outbox|consumer [a-z.-]+): /;

const brokerPartly = /^broker: (?!not connected)/;

function serviceIncidents({ snapshot }: Observation): FoundIncident[] {
  return snapshot.services.flatMap((service) => {
    const { name, instances, requests } = service;
    const errors = requests !== null && requests.error_share >= errorShareMax && requests.errors_per_second >= errorsPerSecondMin;
    const failing: FoundIncident[] = errors
      ? [
          {
            ...common(`errors ${name}`, 'degraded', name),
            command: instances[0] ? errorsCommand(instances[0]) : null,
            title: `${name} answers ${percent(requests.error_share)} of its requests with errors`,
            detail: 'See its log for lines at level error.',
          },
        ]
      : [];
    if (service.status === 'unhealthy') return [away(name, instances, healthCommand(snapshot.services, name, 'gateway')), ...failing];
    return [...instances.flatMap((instance) => instanceIncident(name, instance)), ...failing];
  });
}

type Instance = PlatformSnapshot['services'][number]['instances'][number];

function away(name: string, instances: readonly Instance[], command: string | null): FoundIncident {
  const [first] = instances;
  const reasons = first === undefined ? 'no instance is registered' : [...new Set(instances.flatMap(({ reasons: own }) => own))].join('; ');
  return {
    ...common(`service ${name}`, 'unhealthy', name),
    title:
      first === undefined || instances.every(({ code_version }) => code_version === null)
        ? `${name} does not answer`
        : `${name} is unhealthy`,
    detail:
      `${serviceEntry(name)?.consequence_when_away ?? ''} What is known: ${reasons}. See the log of ${name}, and start it again if it has ended.`.trim(),
    command,
  };
}

function instanceIncident(name: string, { instance_id, address, status, reasons }: Instance): FoundIncident[] {
  const own = reasons.filter((reason) => !reportedOnce.test(reason));
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

function brokerIncidents({ snapshot }: Observation): FoundIncident[] {
  const { status, connected, instances, kind } = snapshot.broker;
  const name = brokerNames[kind] ?? 'The broker';
  // It may be reachable and not do all it should.
  const reasons = snapshot.services.flatMap((service) =>
    service.instances.flatMap((instance) => instance.reasons.filter((reason) => brokerPartly.test(reason))),
  );
  if (status === 'healthy' && reasons.length > 0)
    return [
      {
        ...common('broker partly', 'degraded', null),
        command: commandOfFailing(snapshot.services, 'broker'),
        title: `${name} does not do all it should`,
        detail: `${[...new Set(reasons)].join('; ')}.`,
      },
    ];
  if (status === 'healthy' || instances === 0) return [];
  const waiting = snapshot.services.reduce((sum, { outbox }) => sum + (outbox?.backlog ?? 0), 0);
  const detail = `Orders are accepted; what follows waits. ${eventsWait(waiting)} in the outboxes, to leave when it is back.`;
  const title = connected === 0 ? `${name} does not answer` : `${name} is reached by ${connected} of ${instances} processes`;
  const command = commandOfFailing(snapshot.services, 'broker');
  return [{ ...common('broker', connected === 0 ? 'unhealthy' : 'degraded', null), title, detail, command }];
}

function redisIncidents({ snapshot: { redis, services } }: Observation): FoundIncident[] {
  if (redis === null || redis.status === 'healthy') return [];
  const title = redis.connected === 0 ? 'Redis does not answer' : `Redis is reached by ${redis.connected} of ${redis.instances} processes`;
  const detail = 'The shop sells on, slower: caches are local, gateways count limits alone, and the list of instances stands still.';
  return [{ ...common('redis', 'degraded', null), title, detail, command: commandOfFailing(services, 'redis') }];
}

function queueIncidents({ snapshot, now_ms }: Observation): FoundIncident[] {
  // While the broker is away all of this follows and is reported there.
  if (snapshot.broker.connected === 0) return [];
  const serving = new Set(snapshot.services.filter(({ status }) => status !== 'unhealthy').map(({ name }) => name));
  const outboxes = snapshot.services.flatMap(({ name, outbox }): FoundIncident[] => {
    if (outbox === null || outbox.oldest_age_s <= outboxAgeMaxS) return [];
    const detail = 'What waits leaves by itself when the broker takes it; see the log of the service for why it does not.';
    const since_ms = now_ms - outbox.oldest_age_s * 1_000;
    const title = `${eventsWait(outbox.backlog)} in the outbox of ${name}`;
    return [{ ...common(`outbox ${name}`, 'degraded', name), title, detail, since_ms, command: healthCommand(snapshot.services, name) }];
  });
  const unconsumed = snapshot.queues.flatMap(({ queue, service, attached, ready }): FoundIncident[] => {
    if (attached > 0 || !serving.has(service)) return [];
    const detail = `${ready === null ? 'How many events wait is not known' : eventsWait(ready)}. The consumer comes back by itself; if it stays away, restart ${service}.`;
    const command = healthCommand(snapshot.services, service);
    return [{ ...common(`consumer ${queue}`, 'degraded', service), title: `${queue} has no consumer`, detail, command }];
  });
  const behind = snapshot.queues.flatMap(({ queue, service, oldest_age_s, ready, attached }): FoundIncident[] => {
    if (oldest_age_s === null || oldest_age_s <= queueAgeMaxS || attached === 0) return [];
    const detail = `${eventsWait(ready ?? 0)} in it. Start another replica of ${service}, or see its log for why it is slow.`;
    const since_ms = now_ms - oldest_age_s * 1_000;
    const command = healthCommand(snapshot.services, service);
    return [{ ...common(`queue ${queue}`, 'degraded', service), title: `${queue} is behind`, detail, since_ms, command }];
  });
  return [...outboxes, ...unconsumed, ...behind];
}

function deadLetterIncidents({ snapshot }: Observation): FoundIncident[] {
  return snapshot.dead_letters.map(({ queue, service, count, oldest_at, reasons, command }) => ({
    ...common(`dead letters ${queue}`, 'notice', service),
    title: count === 1 ? `1 message of ${queue} is dead-lettered` : `${count} messages of ${queue} are dead-lettered`,
    detail: `Reason: ${reasons.join(', ')}. Read them, remove the cause, then replay or discard them.`,
    command,
    since_ms: Date.parse(oldest_at),
  }));
}

const waitsFor: Readonly<Record<string, { what: string; service: string }>> = {
  pending: { what: 'stock', service: 'inventory' },
  awaiting_payment: { what: 'money', service: 'payments' },
};

function checkoutIncidents({ snapshot, now_ms }: Observation): FoundIncident[] {
  return (snapshot.checkouts ?? []).flatMap(({ status, count, oldest_at }): FoundIncident[] => {
    const since_ms = oldest_at === null ? now_ms : Date.parse(oldest_at);
    if (now_ms - since_ms <= waitMaxMs) return [];
    const detail = `${count} orders are ${status}. They end by themselves when the service they wait for is back, or at their deadline.`;
    const { what, service } = waitsFor[status] ?? { what: status, service: 'orders' };
    const command = healthCommand(snapshot.services, service);
    return [{ ...common(`checkout ${status}`, 'degraded', 'orders'), title: `Orders wait for ${what}`, detail, since_ms, command }];
  });
}

function breakerIncidents({ snapshot }: Observation): FoundIncident[] {
  return snapshot.breakers
    .filter(({ state }) => state !== 'closed')
    .map(({ upstream, gateway, state }) => ({
      ...common(`breaker ${gateway} ${upstream}`, state === 'open' ? 'degraded' : 'notice', upstream),
      title: state === 'open' ? `${gateway} sends ${upstream} nothing for the moment` : `${gateway} tries ${upstream} again`,
      detail: `Too many of its answers failed. The breaker closes by itself with the first good answer.`,
      command: healthCommand(snapshot.services, upstream, 'gateway'),
    }));
}

function auditIncidents({ snapshot: { audit }, now_ms, observing_since_ms, audit_interval_s }: Observation): FoundIncident[] {
  const found: FoundIncident[] = [];
  if (audit !== null && !audit.balanced) {
    const title = `The books do not balance: ${audit.violations} violation${audit.violations === 1 ? '' : 's'}`;
    const detail = 'Money or stock is not what it should be. The command names each order, payment and product.';
    found.push({ ...common('books', 'unhealthy', null), title, detail, command: 'npm run souk -- audit' });
  }
  const age_s = (now_ms - (audit === null ? observing_since_ms : Date.parse(audit.finished_at))) / 1_000;
  if (audit_interval_s > 0 && age_s > auditsMissedMax * audit_interval_s) {
    const detail = 'It could not read all services, or found no time. See the log of operations.';
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

function faultInjectionIncidents({ snapshot }: Observation): FoundIncident[] {
  return snapshot.services.flatMap(({ name, instances }) =>
    instances.flatMap(({ instance_id, address, chaos }): FoundIncident[] => {
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
      return [
        {
          ...common(`fault injection ${instance_id}`, 'notice', name),
          title: `Fault injection is on at ${instance_id}`,
          detail,
          command,
          since_ms,
        },
      ];
    }),
  );
}

/** Data that is missing, where no other incident explains it. */
function missingDataIncidents({ snapshot }: Observation): FoundIncident[] {
  return snapshot.missing
    .filter(({ part }) => part !== 'everything' && !(part === 'queues' && snapshot.broker.connected === 0))
    .map(({ instance_id, part, reason }) => ({
      ...common(`missing ${instance_id} ${part}`, 'notice', null),
      title: `The ${part} of ${instance_id} cannot be read`,
      detail: `Reason: ${reason}. What is shown of them may be incomplete.`,
      command: commandOf(snapshot.services.flatMap(({ instances }) => instances).find((instance) => instance.instance_id === instance_id)),
    }));
}

/** Shows which routes answered with errors; a gateway wants the token. */
function errorsCommand({ address }: Instance): string {
  const token = '$(npm run --silent souk -- token --scrape)';
  return `curl -s -H "Authorization: Bearer ${token}" ${address}/metrics | grep 'souk_http_requests_total.*status="5'`;
}

/** Shows the health of an instance of the service that is not well, else of any; of the next service where it has none. */
function healthCommand(services: PlatformSnapshot['services'], ...names: readonly string[]): string | null {
  const candidates = names.flatMap((name) => services.find((service) => service.name === name)?.instances ?? []);
  return commandOf(candidates.find(({ status }) => status !== 'healthy') ?? candidates[0]);
}

/** Shows the health of an instance that reports this check as failing. */
function commandOfFailing(services: PlatformSnapshot['services'], check: string): string | null {
  const instances = services.flatMap((service) => service.instances);
  return commandOf(instances.find(({ reasons }) => reasons.some((reason) => reason.startsWith(`${check}: `))));
}

function commandOf(instance: Instance | undefined): string | null {
  return instance === undefined ? null : `curl -s ${instance.address}/health`;
}

function common(
  id: string,
  severity: Incident['severity'],
  service: string | null,
): Pick<FoundIncident, 'id' | 'severity' | 'service' | 'command'> {
  return { id, severity, service, command: null };
}

function percent(share: number): string {
  return share < 0.1 ? `${(share * 100).toFixed(1)} %` : `${Math.round(share * 100)} %`;
}

function eventsWait(count: number): string {
  return count === 1 ? '1 event waits' : `${count} events wait`;
}
