/** Commands typed in a folder that goes with the test file, and servers in the place of a shop. */
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';
import { serviceNames } from '@souk/contracts';

export const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
export let folder: string;
let servers: Server[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'souk-commands-'));
  // Open to all: root's PostgreSQL runs as another account, and would keep its data elsewhere, where nobody removes it.
  await chmod(folder, 0o755);
});
after(async () => {
  for (const server of servers) server.close();
  servers = [];
  await rm(folder, { recursive: true, force: true });
});

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

export function souk(args: string[], env: Record<string, string> = {}): Promise<Outcome> {
  const options = { env: { ...process.env, SOUK_HOME: join(folder, 'empty'), INIT_CWD: folder, ...env } };
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], options, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
    );
  });
}

/** A server on a free port; by default it lets nobody wait. */
export async function listening(
  answer: (path: string, end: (text?: string, status?: number) => void, body: string) => void = (_path, end) => end(),
): Promise<number> {
  const server = createServer((request, response) => {
    const { url = '', method } = request;
    const end = (text?: string, status = 200): void => {
      if (text === undefined) return void request.socket.destroy();
      response.writeHead(status, { 'content-type': status < 400 ? 'application/json' : 'application/problem+json' }).end(text);
    };
    if (method !== 'POST' || !url.startsWith('/api/auth')) {
      request.resume();
      answer(url, end, '');
      return;
    }
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    request.once('end', () => answer(url, end, body));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** A home whose shop is that server. */
export async function homeOf(name: string, port: number): Promise<string> {
  const home = join(folder, name);
  const url = `http://127.0.0.1:${port}`;
  await mkdir(join(home, 'secrets'), { recursive: true });
  await writeFile(join(home, 'secrets', 'accounts.json'), JSON.stringify([{ role: 'staff', username: 'staff', password: 'secret' }]));
  const urls = Object.fromEntries(serviceNames.map((service) => [service, url]));
  await writeFile(
    join(home, 'running.json'),
    JSON.stringify({ pid: process.pid, started_at: '', gateway_url: url, urls, postgres_port: null }),
  );
  return home;
}
