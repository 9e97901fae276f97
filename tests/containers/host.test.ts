/** The unit of systemd and the configuration of nginx: that they are accepted, and that their limits fit those of the platform. */
import assert from 'node:assert/strict';
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { routes } from '@souk/contracts';
import { required } from '@souk/kernel';
import { root, run, textOf } from './_compose.ts';

const platform = fileURLToPath(root).replace(/\/$/, '');
let place: string;

before(async () => {
  place = await mkdtemp(join(tmpdir(), 'souk-host-'));
});
after(() => rm(place, { recursive: true, force: true }));

function isInstalled(program: string): Promise<boolean> {
  return run('sh', ['-c', `command -v ${program}`]).then(
    () => true,
    () => {
      process.stdout.write(`${program} is not installed; what it would say is left out.\n`);
      return false;
    },
  );
}

function numberIn(text: string, pattern: RegExp): number {
  return Number(required(pattern.exec(text)?.[1], String(pattern)));
}

describe('infrastructure/systemd/souk.service', () => {
  let unit: string;
  before(async () => {
    unit = await textOf('infrastructure/systemd/souk.service');
  });

  it('starts what is there, as a user of its own that may write to its state only', async () => {
    const [, program = '', main = ''] = required(/^ExecStart=(\S+) (\S+) start$/m.exec(unit), 'ExecStart');
    for (const path of [program, main]) {
      assert.match(path, /^\/opt\/souk\//);
      await access(path.replace('/opt/souk', platform));
    }
    for (const line of ['User=souk', 'CapabilityBoundingSet=', 'NoNewPrivileges=yes', 'ProtectSystem=strict', 'StateDirectory=souk'])
      assert.ok(unit.split('\n').includes(line), line);
    assert.match(unit, /^Environment=SOUK_HOME=\/var\/lib\/souk SOUK_INSTALL=0 /m);
  });

  it('gives the process the time that it takes to stop', async () => {
    const allowed_ms = numberIn((await textOf('tools/cli/src/commands/start.ts')).replaceAll('_', ''), /stopLimitMs = (\d+)/);
    assert.ok(numberIn(unit, /^TimeoutStopSec=(\d+)$/m) * 1_000 > allowed_ms);
  });

  it('is a unit without mistakes', async () => {
    if (!(await isInstalled('systemd-analyze'))) return;
    const file = join(place, 'souk.service');
    await writeFile(file, unit.replaceAll('/opt/souk', platform).replace(/^(User|Group)=.*$/gm, ''));
    const { stderr } = await run('systemd-analyze', ['verify', file]);
    assert.equal(stderr, '');
  });
});

describe('infrastructure/nginx/souk.conf', () => {
  let conf: string;
  before(async () => {
    conf = await textOf('infrastructure/nginx/souk.conf');
  });

  it('lets through the largest body and waits for the longest route', () => {
    const declared = Object.values(routes) as { body_bytes_max?: number; timeout_ms?: number }[];
    const largest = Math.max(...declared.map(({ body_bytes_max = 0 }) => body_bytes_max));
    const longest = Math.max(...declared.map(({ timeout_ms = 0 }) => timeout_ms));
    assert.ok(largest > 1_000_000 && longest > 10_000);
    assert.equal(numberIn(conf, /client_max_body_size (\d+)m;/) * 1_048_576, largest);
    assert.ok(numberIn(conf, /proxy_read_timeout (\d+)s;/) * 1_000 > longest);
  });

  it('closes idle connections before the gateway does', async () => {
    const closed_ms = numberIn(await textOf('docs/reference/environment.md'), /`KEEP_ALIVE_TIMEOUT_MS` \| integer \| `(\d+)`/);
    assert.ok(numberIn(conf, /keepalive_timeout (\d+)s;/) * 1_000 < closed_ms);
  });

  it('replaces what a client says about its own address, gathers nothing and repeats nothing', () => {
    for (const line of [
      'proxy_set_header X-Forwarded-For $remote_addr;',
      'proxy_set_header X-Forwarded-Proto $scheme;',
      'proxy_request_buffering off;',
      'proxy_buffering off;',
      'proxy_next_upstream off;',
    ])
      assert.ok(conf.includes(`  ${line}\n`), line);
  });

  it('is taken by nginx', async () => {
    if (!((await isInstalled('nginx')) && (await isInstalled('openssl')))) return;
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', join(place, 'privkey.pem')];
    await run('openssl', ['req', '-x509', ...key, '-subj', '/CN=shop.example', '-out', join(place, 'fullchain.pem')]);
    // Checked only, never started; a check opens the ports too, so they are free ones of this machine alone.
    const own = conf.replaceAll('/etc/ssl/souk', place).replace(/listen (\[::\]:)?(80|443)/g, 'listen unix:$PLACE/$2$1');
    await writeFile(join(place, 'souk.conf'), own.replace(/^.*\[::\].*$/gm, '').replaceAll('$PLACE', place));
    const main = join(place, 'nginx.conf');
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((each) => `${each}_temp_path ${place}/${each};`);
    const http = ['access_log off;', ...temporary, `include ${place}/souk.conf;`].join('\n  ');
    await writeFile(main, `pid ${place}/nginx.pid;\nerror_log ${place}/error.log;\nevents {}\nhttp {\n  ${http}\n}\n`);
    const { stderr } = await run('nginx', ['-t', '-e', `${place}/error.log`, '-c', main]);
    assert.match(stderr, /test is successful/);
  });
});
