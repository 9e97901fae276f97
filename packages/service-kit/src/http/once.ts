/** Idempotency keys for ordinary routes: one effect for each caller, route and key, however often and however concurrently it is asked for. */
import { createHash } from 'node:crypto';
import { type RouteDeclaration, refusal } from '@souk/contracts';
import { required } from '@souk/kernel';
import type { Database, Tx } from '@souk/postgres';
import { type Caller, callerId } from '../auth/caller.ts';
import { type Answer, type AnswerOptions, answer } from './answer.ts';
import type { RouteRequest } from './route-request.ts';

/** What the work of a request answers; `options` (ETag, Location) are not part of a replay except what the body says. */
export interface Effect<Body> {
  status: number;
  body: Body;
  options?: AnswerOptions;
}

interface KeptAnswer {
  body_hash: Buffer;
  status: number;
  answer: { body: unknown; options?: AnswerOptions };
}

/**
 * Runs `work` in a transaction. With an Idempotency-Key its key row is written first in the same transaction, so that a
 * concurrent duplicate waits on the unique index until this one ends, and then gets the same answer with Idempotency-Replayed. Another
 * body under the same key is refused with `idempotency_key_reused`; a refusal leaves no trace.
 */
export async function once<T, R extends RouteDeclaration>(
  context: { readonly db: Database },
  request: Pick<RouteRequest<R>, 'idempotency_key' | 'route' | 'params' | 'body'> & { readonly caller: Pick<Caller, 'user_id' | 'key'> },
  work: (tx: Tx) => Promise<Effect<T>>,
): Promise<Answer<T>> {
  const key = request.idempotency_key;
  if (key === undefined) {
    const { status, body, options } = await context.db.transaction(work);
    return answer(status, body, options);
  }
  const scope = [callerId(request.caller), routeName(request.route), key] as const;
  // The path belongs to the request: the same key and body for another resource is another request.
  const hash = bodyHash([request.params ?? null, request.body ?? null]);
  return context.db.transaction(async (tx) => {
    const claimed = await tx.query(
      'insert into idempotency_keys (user_id, route, key, body_hash) values ($1, $2, $3, $4) on conflict do nothing returning 1',
      [...scope, hash],
    );
    if (claimed.length === 0) return replay<T>(tx, scope, hash);
    const { status, body, options } = await work(tx);
    const kept = JSON.stringify({ body: body ?? null, options });
    await tx.finish('update idempotency_keys set status = $4, answer = $5::json where user_id = $1 and route = $2 and key = $3', [
      ...scope,
      status,
      kept,
    ]);
    return answer(status, body, options);
  });
}

async function replay<T>(tx: Tx, scope: readonly [string, string, string], hash: Buffer): Promise<Answer<T>> {
  const rows = await tx.query<KeptAnswer>(
    `select body_hash, status, answer from idempotency_keys
     where user_id = $1 and route = $2 and key = $3 and status is not null and answer is not null`,
    scope,
  );
  const kept = required(rows[0], 'the answer kept under the idempotency key');
  if (!hash.equals(kept.body_hash)) throw refusal('idempotency_key_reused');
  const { body, options } = kept.answer;
  return answer(kept.status, body as T, { ...options, replayed: true });
}

/** How a route is named in idempotency records: `POST /api/orders`. */
export function routeName(route: Pick<RouteDeclaration, 'method' | 'path'>): string {
  return `${route.method} ${route.path}`;
}

/** SHA-256 of the canonical JSON of a validated body: members sorted, so that their order does not matter. */
export function bodyHash(body: unknown): Buffer {
  return createHash('sha256').update(canonical(body)).digest();
}

/** An entity tag for what has no version of its own: a digest of its content. */
export function contentTag(resource: unknown): string {
  return bodyHash(resource).toString('base64url');
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.keys(value)
    .sort()
    .filter((name) => (value as Record<string, unknown>)[name] !== undefined)
    .map((name) => `${JSON.stringify(name)}:${canonical((value as Record<string, unknown>)[name])}`);
  return `{${members.join(',')}}`;
}
