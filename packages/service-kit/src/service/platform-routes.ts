/** The routes every service has for the platform: health, metrics, audit records, dead letters. */
import { auditRecordsRoute, DeadLetter, deadLetterQuery, defineRoute, refusal, type ServiceName } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import type { DeadLetterChoice, DeadLetterRow } from '@souk/messaging';
import Type from 'typebox';
import { answer, answerContent, answerText, noContent } from '../http/answer.ts';
import { encodeCursor, page } from '../http/paging.ts';
import { type ServedRoute, serve } from '../http/serve.ts';
import { pageText, type RecordsReader, readable } from './audit-page.ts';
import type { ProcessContext, ServiceContext } from './context.ts';
import { type HealthReport, type HealthSources, healthOf, readinessOf } from './health.ts';
import { messagingRecord } from './messaging-record.ts';

const Status = Type.Union([Type.Literal('healthy'), Type.Literal('degraded'), Type.Literal('unhealthy')]);
const Report = Type.Object({
  status: Status,
  service: Type.String(),
  instance_id: Type.String(),
  code_version: Type.String(),
  timestamp: Type.String(),
  checks: Type.Record(Type.String(), Type.Object({ status: Status, detail: Type.Optional(Type.String()) })),
});
const Liveness = Type.Object({ status: Type.Literal('healthy'), service: Type.String() });
const letterId = Type.Object({ id: Type.String({ pattern: '^[0-9]{1,18}$' }) });
const letterChoice = {
  queue: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  reason: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
};
const ReplayLetters = Type.Object(
  {
    id: Type.Optional(letterId.properties.id),
    ids: Type.Optional(Type.Array(letterId.properties.id, { minItems: 1, maxItems: 1_000 })),
    ...letterChoice,
  },
  { additionalProperties: false, minProperties: 1 },
);

export function platformRoutes<C extends ServiceContext>(
  service: ServiceName,
  sources: HealthSources,
  audit_records: Readonly<Record<string, RecordsReader<C>>>,
): ServedRoute<C>[] {
  return [
    ...observationRoutes<C>(service, sources),
    auditRoute(service, { messaging: messagingRecord, ...audit_records }),
    ...deadLetterRoutes<C>(service),
  ];
}

/** Health and metrics, of every process. */
export function observationRoutes<C extends ProcessContext>(service: ServiceName, sources: HealthSources): ServedRoute<C>[] {
  const observed = { method: 'GET', service, access: 'public', limit: 'none' } as const;
  const report = { ...observed, responses: { 200: Report, 503: Report } } as const;
  const live = { ...observed, path: '/health/live', summary: 'The process answers', responses: { 200: Liveness } } as const;
  const metrics = { ...observed, path: '/metrics', summary: 'Metrics for Prometheus', responses: { 200: Type.String() } } as const;
  return [
    serve(live, async () => answer(200, { status: 'healthy', service })),
    serve({ ...report, path: '/health/ready', summary: 'It can serve HTTP now' }, async () => healthAnswer(await readinessOf(sources))),
    serve({ ...report, path: '/health', summary: 'The truth in detail' }, async () => healthAnswer(await healthOf(sources))),
    serve(metrics, async (context: C, request) => {
      const { content_type, text } = await context.metrics.read(request.header('accept'));
      return answerContent(200, content_type, text);
    }),
  ];
}

function healthAnswer(report: HealthReport) {
  const unhealthy = report.status === 'unhealthy';
  return answer(unhealthy ? 503 : 200, report, { headers: { 'cache-control': 'no-store', ...(unhealthy && { 'retry-after': '1' }) } });
}

function auditRoute<C extends ServiceContext>(service: ServiceName, readers: Readonly<Record<string, RecordsReader<C>>>): ServedRoute<C> {
  const route = defineRoute({ ...auditRecordsRoute, service });
  return serve(route, async (context: C, { query }) => {
    const read = Object.hasOwn(readers, query.kind) ? readers[query.kind] : undefined;
    if (!read)
      throw refusal(
        'not_found',
        `${service} has no audit records of kind ${query.kind}; it has ${Object.keys(readers).join(', ') || 'none'}.`,
      );
    const records = await readable(service, () => read(context, query.after, query.limit ?? 1_000));
    return answerText(200, pageText(service, timestamp(context.clock.now()), records));
  });
}

function deadLetterRoutes<C extends ServiceContext>(service: ServiceName): ServedRoute<C>[] {
  const internal = { service, access: 'internal', limit: 'none' } as const;
  const path = '/internal/dead-letters';
  const choice = Type.Object(letterChoice, { additionalProperties: false, minProperties: 1 });
  const list = defineRoute({
    ...internal,
    method: 'GET',
    path,
    summary: 'Dead letters, newest first',
    query: deadLetterQuery,
    responses: { 200: Type.Array(DeadLetter) },
  });
  const one = defineRoute({
    ...internal,
    method: 'GET',
    path: `${path}/{id}`,
    summary: 'One dead letter',
    params: letterId,
    responses: { 200: DeadLetter },
  });
  const discardOne = defineRoute({
    ...internal,
    method: 'DELETE',
    path: `${path}/{id}`,
    summary: 'Discard one',
    params: letterId,
    responses: { 204: null },
  });
  const discard = defineRoute({
    ...internal,
    method: 'DELETE',
    path,
    summary: 'Discard by cause',
    query: choice,
    responses: { 200: Type.Object({ discarded: Type.Integer() }) },
  });
  const replay = defineRoute({
    ...internal,
    method: 'POST',
    path: `${path}/replay`,
    summary: 'Handle again',
    body: ReplayLetters,
    responses: { 200: Type.Object({ replayed: Type.Integer() }) },
  });
  return [
    serve(list, async ({ messaging }: C, { query }) => {
      const { limit, after } = page(query, isLetterId);
      const rows = await messaging.deadLetters.list({ ...choiceOf(query), limit, ...(after !== undefined && { before: after }) });
      const last: DeadLetterRow | undefined = rows.length === limit ? rows.at(-1) : undefined;
      return answer(200, rows, { next_cursor: last ? encodeCursor(last.id) : null });
    }),
    serve(one, async ({ messaging }: C, { params }) => answer(200, await messaging.deadLetters.get(params.id))),
    serve(discardOne, async ({ messaging }: C, { params }) => {
      await messaging.deadLetters.get(params.id);
      await messaging.deadLetters.discard({ id: params.id });
      return noContent();
    }),
    serve(discard, async ({ messaging }: C, { query }) => answer(200, { discarded: await messaging.deadLetters.discard(choiceOf(query)) })),
    serve(replay, async ({ messaging }: C, { body }) => answer(200, { replayed: await replayed(messaging.deadLetters, body) })),
  ];
}

async function replayed(
  letters: ServiceContext['messaging']['deadLetters'],
  body: { id?: string; ids?: string[]; queue?: string; reason?: string },
): Promise<number> {
  const ids = [...(body.id === undefined ? [] : [body.id]), ...(body.ids ?? [])];
  if (ids.length === 0) return letters.replay(choiceOf(body));
  let count = 0;
  for (const id of ids) count += await letters.replay({ ...choiceOf(body), id });
  return count;
}

function choiceOf({ queue, reason }: { queue?: string | undefined; reason?: string | undefined }): DeadLetterChoice {
  return { ...(queue !== undefined && { queue }), ...(reason !== undefined && { reason }) };
}

function isLetterId(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9]{1,18}$/.test(value);
}
