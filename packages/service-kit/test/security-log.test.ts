import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { refusal } from '@souk/contracts';
import type { SecurityEvent, SecurityLog } from '@souk/telemetry';
import { recordRefusedRequest } from '../src/index.ts';
import { startEdge } from './edge-support.ts';

it('has a line for what is no right to enter, and none for other refusals', () => {
  const recorded: unknown[] = [];
  const security: SecurityLog = { record: (event) => void recorded.push([event.event, event.cause]), close: () => undefined };
  for (const code of ['token_invalid', 'forbidden', 'rate_limited', 'not_found', 'token_missing', 'validation_failed'] as const)
    recordRefusedRequest(security, refusal(code), {});
  recordRefusedRequest(security, new Error('a bug'), {});
  assert.deepEqual(recorded, [
    ['token_refused', 'malformed'],
    ['access_refused', 'role'],
    ['rate_limited', undefined],
  ]);
});

describe('tokens that are refused', () => {
  it('are written down by cause, without the token', async (t) => {
    const lines: SecurityEvent[] = [];
    const security: SecurityLog = { record: (event) => void lines.push(event), close: () => undefined };
    const { edge, url, keys } = await startEdge({ security });
    t.after(() => edge.close(100));
    const good = await keys.tokenFor();
    const strange = await (await import('../src/testing/test-keys.ts')).createTestKeys('strange');
    const [head = '', claims = '', signature = ''] = good.split('.');
    const forged = Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(claims, 'base64url').toString()), role: 'admin' })).toString(
      'base64url',
    );
    const tokens = {
      expired: await keys.tokenFor({ expires_in_s: -60 }),
      key_unknown: await strange.tokenFor(),
      signature_wrong: `${head}.${forged}.${signature}`,
      malformed: 'a.b.c',
      not_of_this_shop: 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.',
    };
    for (const token of Object.values(tokens))
      await fetch(`${url}/api/things`, { headers: { authorization: `Bearer ${token}`, 'x-correlation-id': 'c-1' } });
    await fetch(`${url}/api/admin`, { method: 'DELETE', headers: { authorization: `Bearer ${good}` } });
    assert.deepEqual(
      lines.map(({ event, cause }) => [event, cause]),
      [...Object.keys(tokens).map((cause) => ['token_refused', cause]), ['access_refused', 'role']],
    );
    assert.ok(lines.every(({ client_address }) => client_address === '127.0.0.1'));
    const text = JSON.stringify(lines);
    for (const token of Object.values(tokens)) assert.ok(!text.includes(token));
  });
});
