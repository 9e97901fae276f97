import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { accessToken } from '../src/running.ts';

describe('a command that signs in', () => {
  it('passes the code of a second factor on, and says that one is needed', async (t) => {
    const home = await mkdtemp(join(tmpdir(), 'souk-sign-in-'));
    await mkdir(join(home, 'secrets'));
    await writeFile(join(home, 'secrets', 'accounts.json'), JSON.stringify([{ role: 'staff', username: 'staff', password: 'secret' }]));
    const bodies: unknown[] = [];
    const users = createServer((request, response) => {
      let text = '';
      request.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      request.once('end', () => {
        const body = JSON.parse(text) as { code?: string };
        bodies.push(body);
        const isGood = body.code === '123456';
        const problem = { code: 'second_factor_required', detail: 'A code is needed.' };
        response.writeHead(isGood ? 200 : 401, { 'content-type': isGood ? 'application/json' : 'application/problem+json' });
        response.end(JSON.stringify(isGood ? { access_token: 'token', second_factor: 'enrolment_required' } : problem));
      });
    });
    t.after(async () => {
      users.close();
      users.closeAllConnections();
      await rm(home, { recursive: true, force: true });
    });
    await new Promise<void>((resolve) => users.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(users.address() as AddressInfo).port}`;
    const platform = { pid: process.pid, started_at: '', gateway_url: url, urls: { users: url }, postgres_port: null };
    await assert.rejects(accessToken(home, platform, 'staff'), /A code is needed\. Give the code of its second factor: --code CODE/);
    const said = t.mock.method(process.stderr, 'write', () => true);
    assert.equal(await accessToken(home, platform, 'staff', '123456'), 'token');
    // The token is good for less than was asked for: that is said beside it.
    assert.match(String(said.mock.calls[0]?.arguments[0]), /^The role staff needs a second factor\. .* carry the role customer\.\n$/);
    said.mock.restore();
    assert.deepEqual(bodies, [
      { login: 'staff', password: 'secret' },
      { login: 'staff', password: 'secret', code: '123456' },
    ]);
  });
});
