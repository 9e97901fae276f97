/** nginx as the proxy to compare with: `proxy_pass` with kept connections and its access log on, one worker, as a package of the system has it. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pause } from '@souk/kernel';
import { claimPortBlock, isPortFree } from '@souk/kernel/ports';
import { family } from './processes.ts';

export interface Nginx {
  /** The address that leads to a service. */
  urlOf(service: string): string;
  pids: readonly number[];
  close(): Promise<void>;
}

const run = promisify(execFile);
const programs = ['nginx', '/usr/sbin/nginx'];
const startLimitMs = 10_000;
const probeMs = 20;

/** Starts it before these services; undefined where nginx is not installed. */
export async function startNginx(home: string, services: Readonly<Record<string, string>>): Promise<Nginx | undefined> {
  const program = await installed();
  if (program === undefined) return undefined;
  const names = Object.keys(services);
  const port_base = await claimPortBlock(names.length);
  const ports = new Map(names.map((name, index) => [name, port_base + index]));
  const folder = join(home, 'nginx');
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'nginx.conf');
  await writeFile(file, configuration(folder, services, ports));
  const child = spawn(program, ['-p', folder, '-c', file, '-g', 'daemon off;'], { stdio: ['ignore', 'ignore', 'inherit'] });
  await untilListening(child, port_base);
  return {
    urlOf: (service) => `http://127.0.0.1:${ports.get(service)}`,
    pids: await family(child.pid as number),
    close: () => stop(child),
  };
}

async function installed(): Promise<string | undefined> {
  for (const program of programs) {
    const answered = await run(program, ['-v']).catch(() => undefined);
    if (answered !== undefined) return program;
  }
  return undefined;
}

/** More kept connections than there are clients, so that none is opened for a request. */
function configuration(folder: string, services: Readonly<Record<string, string>>, ports: ReadonlyMap<string, number>): string {
  const servers = Object.entries(services).map(
    ([name, url]) => `
  upstream ${name} { server ${new URL(url).host}; keepalive 256; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${ports.get(name)};
    location / {
      proxy_pass http://${name};
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Correlation-Id $request_id;
    }
  }`,
  );
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `  ${kind}_temp_path ${folder}/${kind};`);
  return `${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
events { worker_connections 4096; }
http {
  access_log ${folder}/access.log combined;
  keepalive_requests 1000000000;
${temporary.join('\n')}${servers.join('')}
}
`;
}

async function untilListening(child: ChildProcess, port: number): Promise<void> {
  const end = performance.now() + startLimitMs;
  while (performance.now() < end && child.exitCode === null) {
    if (!(await isPortFree(port))) return;
    await pause(probeMs);
  }
  throw new Error('nginx did not start.');
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
