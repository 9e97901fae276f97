import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { it } from 'node:test';
import { promisify } from 'node:util';

/** Writes each line in both ways to the standard output, as a process does, and answers pairs of lines. */
async function inBothWays(lines: readonly object[]): Promise<[string, string][]> {
  const program = `
    import { createLog, logRequestLine } from ${JSON.stringify(new URL('../index.ts', import.meta.url).href)};
    const log = createLog({ level: 'info', format: 'json', fields: { service: 'gateway', instance_id: 'g"1' } }).child({ more: true, service: 'gateway' });
    for (const line of ${JSON.stringify(lines)}) {
      log.info(line, 'request');
      logRequestLine(log, line);
    }`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
  const written = stdout.trim().split('\n');
  assert.equal(written.length, 2 * lines.length, stdout);
  return lines.map((_, index) => [written[2 * index] ?? '', written[2 * index + 1] ?? '']);
}

const line = {
  method: 'GET',
  route: '/api/orders/{order_id}',
  status: 200,
  ms: 3.25,
  correlation_id: 'checkout-2026-11-29',
  trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
  caller: '0198c5a4-7f00-7a10-8b20-9c30ad40be50',
};

it('the line of a request is what the general way writes, whatever a client sends', async () => {
  const { caller, ...anonymous } = line;
  const lines = [
    line,
    anonymous,
    { ...line, api_key: '0198c5a4-7f00-7a10-8b20-9c30ad40be51' },
    { ...line, correlation_id: 'souk_live_0198c5a47f007a10' },
    { ...line, correlation_id: 'tok_visa_4242' },
    { ...line, correlation_id: 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl' },
    { ...line, correlation_id: 'a"b\\c' },
    { ...line, correlation_id: 'carla@mail.example' },
    { ...line, status: 429, client_address: '192.0.2.1' },
  ];
  for (const [general, plain] of await inBothWays(lines)) {
    const { time, ...one } = JSON.parse(general);
    const { time: later, ...other } = JSON.parse(plain);
    assert.deepEqual(Object.entries(other), Object.entries(one));
    assert.ok(Date.parse(later) >= Date.parse(time));
    assert.doesNotMatch(plain, /tok_visa|eyJ|carla@|souk_live/);
  }
});
