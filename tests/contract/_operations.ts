/** What operators have, called: audits, status, dead letters, and drills of a shop that allows them. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { until } from '@souk/platform/testing';
import type { Json, PublishedApi } from './_published-api.ts';

/** Takes away for a second what nothing else of these tests needs meanwhile, and waits until it is back. */
export async function drillsAreAnswered(api: PublishedApi, { admin, staff }: { admin: string; staff: string }): Promise<void> {
  const params = { drill_id: randomUUID() };
  const drills = async (): Promise<Json[]> => ((await api.call('listDrills', { token: staff })).body as { drills: Json[] }).drills;
  assert.deepEqual(await drills(), []);
  await api.call('startDrill', { token: admin, params });
  await api.call('startDrill', { token: admin, params });
  await api.call('startDrill', { token: admin, params: { drill_id: randomUUID() }, status: 409 });
  await api.call('startDrill', { token: staff, params, status: 403 });
  await api.call('endDrill', { token: admin, params });
  await api.call('endDrill', { token: admin, params: { drill_id: randomUUID() }, status: 404 });
  await until(async () => {
    const [drill, ...others] = await drills();
    assert.deepEqual(others, [], 'a request that is repeated begins no other drill');
    return drill?.['back_at'] === null ? `it is ${drill?.['state']}` : undefined;
  });
}

export async function shopIsShown(api: PublishedApi, token: string): Promise<void> {
  await api.call('getAudit', { token, query: { run: 'now' } });
  await api.call('getProof');
  await api.call('getStatus', { token });
  await api.call('getStatusPage');
  const params = { service: 'orders' };
  await api.call('listDeadLetters', { token, params });
  await api.call('getDeadLetter', { token, params, status: 404 });
  await api.call('discardDeadLetter', { token, params, status: 404 });
  await api.call('replayDeadLetters', { token, params });
}
