import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { type AuditReport, dataServices, type ProofSummary } from '@souk/contracts';
import { answersOf, keys, sendJson, startPlatform, type TestPlatform, until } from './_support.ts';

let platform: TestPlatform;

describe('audits', () => {
  afterEach(() => platform.stop());

  it('are shown to staff, one run for all who ask at once', async () => {
    platform = await startPlatform();
    const operations = await platform.startOperations({ audit_grace_ms: 0 });
    const get = (path: string, role: 'staff' | 'customer') => platform.get(operations, path, role);
    const answers = await Promise.all([get('/api/audit?run=now', 'staff'), get('/api/audit?run=now', 'staff')]);
    const reports = (await Promise.all(answers.map((answer) => answer.json()))) as AuditReport[];
    assert.equal(reports[0]?.balanced, true);
    assert.deepEqual(reports[0], reports[1]);
    assert.deepEqual(await (await get('/api/audit', 'staff')).json(), reports[0]);
    for (const name of dataServices) {
      const records = platform.services.get(name)?.seen.filter(({ url }) => url.startsWith('/internal/audit/records')) ?? [];
      assert.ok(records.length > 0, name);
      assert.ok(
        records.every(({ authorization }) => authorization === `Bearer ${keys.internalToken(name)}`),
        name,
      );
    }
    assert.equal((await get('/api/audit', 'customer')).status, 403);
    assert.equal((await get('/api/audit?run=later', 'staff')).status, 400);
    assert.equal((await get('/api/audit?run=now&run=now', 'staff')).status, 400);
    const { text } = await operations.context.metrics.read();
    assert.match(text, /souk_audit_violations\{[^}]*\} 0\n/);
    assert.match(text, /souk_http_requests_total\{[^}]*route="\/api\/audit"[^}]*status="403"[^}]*\} 1\n/);
  });

  it('are summed up for everybody, without ids and without a run', async () => {
    platform = await startPlatform();
    const operations = await platform.startOperations({ audit_grace_ms: 0 });
    const summary = async () => (await (await fetch(`${operations.url}/api/proof`)).json()) as ProofSummary;
    assert.deepEqual(await summary(), { audit: null });
    const report = (await (await platform.get(operations, '/api/audit?run=now', 'staff')).json()) as AuditReport;
    const { finished_at, counts } = report;
    assert.deepEqual(await summary(), { audit: { finished_at, balanced: true, counts, violation_count: 0 } });
    assert.match((await operations.context.metrics.read()).text, /souk_audit_runs_total\{[^}]*outcome="balanced"[^}]*\} 1\n/);
  });

  it('do not call balanced what was not read', async () => {
    platform = await startPlatform((service) =>
      service === 'payments' ? (_seen, response) => sendJson(response, 503, {}) : answersOf(service),
    );
    const operations = await platform.startOperations({ audit_grace_ms: 0 });
    assert.equal((await platform.get(operations, '/api/audit', 'staff')).status, 503);
    assert.match((await operations.context.metrics.read()).text, /souk_audit_runs_total\{[^}]*outcome="failed"[^}]*\} 1\n/);
  });

  it('begin as soon as all services take requests after a start', async () => {
    platform = await startPlatform();
    const payments = platform.registry.listed['payments']?.[0];
    assert.ok(payments);
    payments.healthy = false;
    const operations = await platform.startOperations({ audit_grace_ms: 0, audit_interval_ms: 600_000 });
    platform.registry.list('operations', operations, operations.instance_id);
    const runs = async () =>
      /souk_audit_runs_total\{[^}]*outcome="balanced"[^}]*\} (\d+)/.exec((await operations.context.metrics.read()).text)?.[1];
    await until(() => platform.gateway.seen.length > 0, 'the list of instances is read');
    assert.equal(await runs(), '0');
    payments.healthy = true;
    await until(async () => {
      operations.context.wakeJob('audit-books');
      return (await runs()) === '1';
    }, 'the first audit');
    operations.context.wakeJob('audit-books');
    await operations.context.directory.refresh();
    assert.equal(await runs(), '1', 'the next one comes after the interval');
  });
});
