/** Builds the image of a service and runs the composed system, where a container engine answers; elsewhere there is nothing to test. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { root } from './_compose.ts';

const run = promisify(execFile);
const folder = fileURLToPath(root);
const buildTimeoutMs = 900_000;
const upTimeoutMs = 600_000;
const probeTimeoutMs = 10_000;

/** The engine whose daemon answers, and whether it can compose. */
async function findEngine(): Promise<{ engine: string; composes: boolean } | undefined> {
  for (const engine of ['docker', 'podman']) {
    const answers = await run(engine, ['version', '--format', '{{.Server.Version}}'], { timeout: probeTimeoutMs }).then(
      () => true,
      () => false,
    );
    if (!answers) continue;
    const composes = await run(engine, ['compose', 'version'], { timeout: probeTimeoutMs }).then(
      () => true,
      () => false,
    );
    return { engine, composes };
  }
  return undefined;
}

const found = await findEngine();

if (found) {
  describe('the image of a service', { timeout: buildTimeoutMs }, () => {
    const tag = `souk-test-orders:${process.pid}`;
    const engine = (...args: string[]) => run(found.engine, args, { cwd: folder, timeout: buildTimeoutMs, maxBuffer: 67_108_864 });
    before(() => engine('build', '-f', 'infrastructure/docker/Dockerfile', '--build-arg', 'SERVICE=orders', '-t', tag, '.'));
    after(() => engine('image', 'rm', '-f', tag));

    it('runs as somebody other than root, without secrets or development packages in it', async () => {
      const { stdout } = await engine('run', '--rm', tag, 'sh', '-c', 'id -u; ls -a /souk; ls /souk/node_modules');
      assert.notEqual(stdout.split('\n')[0], '0');
      for (const name of ['.env', '.git', 'typescript', 'knip']) assert.ok(!stdout.split('\n').includes(name), name);
    });

    it('says everything that is missing in its configuration and ends', async () => {
      await assert.rejects(engine('run', '--rm', tag), (error: unknown) => {
        const { code, stderr } = error as { code: number; stderr: string };
        assert.equal(code, 1);
        assert.match(stderr, /DATABASE_URL[\s\S]*INTERNAL_TOKEN/);
        return true;
      });
    });
  });
}

if (found?.composes) {
  describe('the composed system', { timeout: upTimeoutMs }, () => {
    let envFile: string;
    let place: string;
    const compose = (...args: string[]) =>
      run(found.engine, ['compose', '--project-name', `souk-test-${process.pid}`, '--env-file', envFile, ...args], {
        cwd: folder,
        timeout: upTimeoutMs,
        maxBuffer: 67_108_864,
      });
    before(async () => {
      place = await mkdtemp(join(tmpdir(), 'souk-compose-'));
      envFile = join(place, '.env');
      const { stdout } = await run(process.execPath, [join(folder, 'tools/cli/src/main.ts'), 'env', '--print']);
      await writeFile(envFile, stdout, { mode: 0o600 });
      await compose(
        'up',
        '--build',
        '--detach',
        '--wait',
        '--wait-timeout',
        '300',
        'gateway',
        'users',
        'products',
        'orders',
        'notifications',
        'inventory',
        'payments',
      );
    });
    after(async () => {
      await compose('down', '--volumes', '--timeout', '20');
      await rm(place, { recursive: true, force: true });
    });

    it('is healthy, every service of it', async () => {
      const response = await fetch('http://127.0.0.1:8000/health');
      const health = (await response.json()) as { status: string; services: Record<string, { status: string }> };
      assert.equal(response.status, 200, JSON.stringify(health));
      assert.deepEqual([...new Set(Object.values(health.services).map(({ status }) => status))], ['healthy']);
    });
  });
}
