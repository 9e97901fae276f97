/** A small service over a real database and broker, for the tests of the kit. */
import { defineRoute, refusal } from '@souk/contracts';
import Type from 'typebox';
import {
  answer,
  buildService,
  type Job,
  type Overrides,
  once,
  openContext,
  type PlatformConfig,
  recordsPage,
  type Service,
  type ServiceContext,
  serve,
} from '../src/index.ts';

const common = { service: 'orders', summary: 'For a test', limit: 'none' } as const;
const Gift = Type.Object({ amount: Type.Integer({ minimum: 1, maximum: 1_000 }) }, { additionalProperties: false });
const Given = Type.Object({ id: Type.String(), amount: Type.Integer() });
export const give = defineRoute({
  ...common,
  method: 'POST',
  path: '/api/people/{person}/gifts',
  access: 'authenticated',
  idempotent: true,
  params: Type.Object({ person: Type.String({ pattern: '^[a-z]+$' }) }),
  body: Gift,
  responses: { 201: Given },
});
const keep = defineRoute({
  ...common,
  method: 'POST',
  path: '/api/texts',
  access: 'public',
  body: Type.Object({ text: Type.String() }),
  responses: { 200: Type.Unknown() },
});
const hold = defineRoute({
  ...common,
  method: 'GET',
  path: '/api/hold',
  access: 'public',
  responses: { 200: Type.Object({ stopped: Type.Boolean() }) },
});

const budget = 1_000;
export const runs: string[] = [];
const countRuns: Job<ServiceContext> = {
  name: 'count-runs',
  every_ms: 3_600_000,
  async run() {
    runs.push('run');
    // Twice there is more to do.
    return runs.length < 3;
  },
};

/** A service with one idempotent route, one job and one stream of audit records. */
export function buildGifts(config: PlatformConfig, overrides: Overrides): Service {
  return buildService({
    context: openContext('orders', config, overrides),
    migrations: [new URL('./gift-migrations/', import.meta.url)],
    consumers: [],
    jobs: [countRuns],
    audit_records: {
      gifts: async ({ db }, fromKey, limit) => {
        const rows = await db.query<{ key: string; amount: number }>(
          'select id::text as key, amount from gifts where ($1::text is null or id::text > $1) order by id::text limit $2',
          [fromKey ?? null, limit],
        );
        return recordsPage(rows, limit);
      },
    },
    routes: [
      serve(give, (ctx: ServiceContext, request) =>
        once(ctx, request, async (tx) => {
          const [sum] = await tx.query<{ given: number }>('select coalesce(sum(amount), 0) given from gifts where person = $1', [
            request.params.person,
          ]);
          if ((sum?.given ?? 0) + request.body.amount > budget) throw refusal('refund_exceeds_captured', 'The budget is used up.');
          const id = ctx.ids.uuid();
          await tx.query('insert into gifts (id, person, amount) values ($1, $2, $3)', [id, request.params.person, request.body.amount]);
          return { status: 201, body: { id, amount: request.body.amount }, options: { location: `/api/gifts/${id}` } };
        }),
      ),
      serve(keep, async ({ db }: ServiceContext) => answer(200, await db.query('select $1::text as kept', ['a\u0000b']))),
      serve(hold, async ({ stopping }: ServiceContext) => {
        if (!stopping.aborted) await new Promise((resolve) => stopping.addEventListener('abort', resolve, { once: true }));
        return answer(200, { stopped: true });
      }),
    ],
  });
}
