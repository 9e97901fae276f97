/** Incidents, and the map of the services: gateway, services, data services. */
import { element, icon, spark, state } from './status-elements.js';
import { clock, lasting, milliseconds, nothing, number, percent, perSecond, plural, severityWord, shorter, since } from './status-words.js';

export function incidentsPart({ incidents, past }, now_ms) {
  if (incidents.length === 0 && past.length === 0) return null;
  return element(
    'section',
    { class: 'part', 'data-key': 'incidents', 'aria-labelledby': 'incidents-title' },
    element('h2', { id: 'incidents-title' }, incidents.length === 0 ? 'Nothing is wrong' : 'What is wrong'),
    element(
      'ul',
      { class: 'incidents' },
      incidents.map((incident) => incidentItem(incident, now_ms)),
    ),
    past.length > 0 && pastPart(past, now_ms),
  );
}

function incidentItem({ id, severity, title, detail, command, since: began, since_at_least }, now_ms) {
  return element(
    'li',
    { class: `incident is-${severity}`, 'data-key': id },
    icon(severity),
    element('h3', {}, element('span', { class: severity }, `${severityWord(severity)}: `), shorter(title)),
    element('p', { class: 'when' }, element('time', { datetime: began }, since(began, now_ms, since_at_least))),
    element('div', { class: 'more' }, element('p', {}, shorter(detail)), command && commandLine(command)),
  );
}

/** A command with a button that copies it. */
export function commandLine(command) {
  return element(
    'div',
    { class: 'command' },
    element('code', { tabindex: '0' }, command),
    element('button', { type: 'button', class: 'quiet', 'data-copy': command, 'aria-label': `Copy the command ${command}` }, 'Copy'),
  );
}

function pastPart(past, now_ms) {
  const lines = past.map(({ title, since: began, until }) => {
    const [began_ms, until_ms] = [Date.parse(began), Date.parse(until)];
    return element(
      'li',
      {},
      `${clock(began_ms, now_ms)} to ${clock(until_ms, now_ms)} (${lasting(until_ms - began_ms)}): ${shorter(title)}`,
    );
  });
  return element(
    'details',
    { class: 'past', 'data-key': 'past' },
    element('summary', {}, `Resolved within the last hour: ${past.length}`),
    element('ul', {}, lines),
  );
}

/** `readings` holds the last request rates by service. */
export function mapPart(status, now_ms, readings) {
  const [gateway, behind] = [
    status.services.filter(({ name }) => name === 'gateway'),
    status.services.filter(({ name }) => name !== 'gateway'),
  ];
  const card = (service) => serviceCard(service, now_ms, readings.get(service.name) ?? []);
  return element(
    'section',
    { class: 'part', 'data-key': 'map', 'aria-labelledby': 'map-title' },
    element('h2', { id: 'map-title' }, 'The shop ', element('span', { class: 'soft' }, worldWords(status))),
    element('div', { class: 'tier' }, gateway.map(card), breakersCard(status.breakers), booksCard(status.audit, now_ms)),
    element('div', { class: 'tier' }, behind.map(card)),
    element('div', { class: 'tier' }, brokerCard(status.broker), databasesCard(behind), redisCard(status.redis)),
  );
}

function worldWords({ world, services }) {
  const processes = services.flatMap(({ instances }) => instances).length;
  return world === 'embedded' ? 'all in one process' : plural(processes, 'process', 'processes');
}

function serviceCard(service, now_ms, rates) {
  const { name, status, requests, outbox, instances } = service;
  const values = [
    ['Requests', requests === null ? nothing : perSecond(requests.per_second)],
    ['Errors', requests === null ? nothing : percent(requests.error_share)],
    ['95 % within', requests === null ? nothing : milliseconds(requests.p95_ms)],
    ...(outbox === null ? [] : [['Outbox', outboxWords(outbox)]]),
  ];
  return element(
    'article',
    { class: `card service is-${status}`, 'data-key': name, 'aria-labelledby': `service-${name}` },
    element('header', {}, element('h3', { id: `service-${name}` }, name), state(status)),
    element(
      'dl',
      { class: 'values' },
      values.map(([word, value]) => element('div', {}, element('dt', {}, word), element('dd', {}, value))),
    ),
    spark(rates),
    element(
      'ul',
      { class: 'instances', 'aria-label': `Instances of ${name}` },
      instances.length === 0 ? noInstance() : instances.map((one) => instanceItem(one, now_ms)),
    ),
  );
}

function outboxWords({ backlog, oldest_age_s }) {
  return backlog === 0 ? '0' : `${number(backlog)}, ${lasting(oldest_age_s * 1_000)}`;
}

function noInstance() {
  return element('li', {}, icon('unhealthy'), element('span', {}, 'No instance is known.'));
}

function instanceItem({ instance_id, address, status, reasons, started_at, chaos }, now_ms) {
  const age = started_at === null ? status : `up ${lasting(now_ms - Date.parse(started_at))}`;
  return element(
    'li',
    { 'data-key': instance_id },
    icon(status),
    element(
      'span',
      { class: 'name', title: instance_id },
      `${shorter(instance_id)} `,
      element('span', { class: 'soft' }, address.replace(/^https?:\/\//, '')),
    ),
    element('span', { class: 'soft' }, element('span', { class: 'unseen' }, `${status}, `), age),
    reasons.length > 0 && element('span', { class: 'why soft' }, reasons.join('; ')),
    chaos !== null &&
      element(
        'span',
        { class: 'why notice' },
        `Fault injection is on: ${chaos.active.join(', ')}, until ${clock(Date.parse(chaos.until), now_ms)}`,
      ),
  );
}

const brokerNames = { embedded: 'Embedded broker', rabbitmq: 'RabbitMQ' };

function brokerCard({ kind, status, connected, instances }) {
  return resourceCard(
    'broker',
    brokerNames[kind] ?? 'Broker',
    instances === 0 ? 'unhealthy' : status,
    connectionWords(connected, instances),
  );
}

function redisCard(redis) {
  return redis === null ? null : resourceCard('redis', 'Redis', redis.status, connectionWords(redis.connected, redis.instances));
}

function connectionWords(connected, instances) {
  if (instances === 0) return 'Unknown: no process answers.';
  return `${connected} of ${plural(instances, 'connection')} up`;
}

function databasesCard(services) {
  const all = services.flatMap(({ name, instances }) => instances.map((instance) => ({ name, ...instance })));
  const known = all.filter(({ database }) => database !== null);
  const failing = known.filter(({ reasons }) => reasons.some((reason) => reason.startsWith('database:')));
  const sum = (member) => known.reduce((total, { database }) => total + database[member], 0);
  const word = failing.length > 0 || known.length === 0 ? 'unhealthy' : 'healthy';
  const names = failing.length === 0 ? 'One for each service' : `No answer for ${[...new Set(failing.map(({ name }) => name))].join(', ')}`;
  const use = `${number(sum('busy'))} of ${number(sum('busy') + sum('idle'))} connections busy, ${number(sum('waiting'))} waited for`;
  return resourceCard('databases', 'PostgreSQL', word, `${names}; ${use}`);
}

const breakerWords = { half_open: 'is tried again', open: 'is sent nothing' };

/** Circuit breakers of the gateways. */
function breakersCard(breakers) {
  const gateways = new Set(breakers.map(({ gateway }) => gateway));
  const off = breakers.filter(({ state: how }) => how !== 'closed');
  const lines = off.map(({ upstream, gateway, state: how }) =>
    element(
      'li',
      {},
      icon(how === 'open' ? 'unhealthy' : 'degraded'),
      element('span', {}, `${upstream} ${breakerWords[how]} by ${shorter(gateway)}`),
    ),
  );
  const closed = `${plural(breakers.length - off.length, 'breaker')} closed at ${plural(gateways.size, 'gateway')}: requests pass`;
  return resourceCard(
    'breakers',
    'Breakers',
    off.length === 0 ? 'healthy' : 'degraded',
    closed,
    off.length > 0 && element('ul', { class: 'instances' }, lines),
  );
}

/** The last audit of stock and money across all services. */
function booksCard(audit, now_ms) {
  if (audit === null) return resourceCard('books', 'Books', 'notice', 'Not audited yet.', null, 'unknown');
  const { balanced, violations, warnings, finished_at } = audit;
  const words = `Audited ${lasting(now_ms - Date.parse(finished_at))} ago, at ${clock(Date.parse(finished_at), now_ms)}: ${plural(violations, 'violation')}, ${plural(warnings, 'warning')}`;
  return resourceCard('books', 'Books', balanced ? 'healthy' : 'unhealthy', words, null, balanced ? 'balanced' : 'not balanced');
}

function resourceCard(key, name, status, words, more = null, word = status) {
  return element(
    'article',
    { class: `card service is-${status}`, 'data-key': key, 'aria-labelledby': `resource-${key}` },
    element('header', {}, element('h3', { id: `resource-${key}` }, name), state(status, word)),
    element('p', { class: 'soft' }, words),
    more,
  );
}
