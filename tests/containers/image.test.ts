/**
 * Builds the image of a service and runs the composed system, where a container engine answers and can have the images they
 * stand on; elsewhere there is nothing to test, and a line says so. How to try it without a registry: docs/containers.md.
 */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { serviceNames } from '@souk/contracts';
import { readCompose, textOf } from './_compose.ts';
import { findEngine, folder } from './_engine.ts';

const buildTimeoutMs = 900_000;
const upTimeoutMs = 1_200_000;
const patienceMs = 120_000;
const pollMs = 500;
/** An address of this machine that nobody else opens ports on, where there is more than one. */
const bindAddress = process.platform === 'linux' ? '127.0.0.23' : '127.0.0.1';
const services = [...serviceNames, 'seed', 'definitions'];

const base = /^ARG NODE_IMAGE=(\S+)$/m.exec(await textOf('infrastructure/docker/Dockerfile'))?.[1] ?? '';
const { services: composed } = await readCompose();
const backends = ['postgres', 'rabbitmq', 'redis'].map((name) => composed[name]?.image ?? '');
const found = await findEngine();
const builds = found !== undefined && (await found.has([base]));
const composes = builds && found.composes && (await found.has(backends));
if (!composes) {
  const why =
    found === undefined ? 'no container engine answers' : `${found.name} cannot ${builds ? 'compose, or lacks an image' : `have ${base}`}`;
  process.stdout.write(`${builds ? 'The composed system is' : 'Images and the composed system are'} left out: ${why}.\n`);
}

if (found && builds) {
  describe('the image of a service', { timeout: buildTimeoutMs }, () => {
    const tag = `souk-test-orders:${process.pid}`;
    before(() => found.run('build', '-f', 'infrastructure/docker/Dockerfile', '--build-arg', 'SERVICE=orders', '-t', tag, '.'));
    after(() => found.run('image', 'rm', '-f', tag));

    it('runs as somebody other than root who can write nothing but its data, without secrets, tests or development packages', async () => {
      const look =
        'id -u; touch /souk/x /souk/services/x 2>&1; touch /var/lib/souk/x && echo kept; find /souk -maxdepth 4 -not -path "*/node_modules/*/*"';
      const { stdout } = await found.runToEnd(tag, ['sh', '-c', look]);
      const [uid, ...lines] = stdout.split('\n');
      assert.notEqual(uid, '0');
      assert.equal(lines.filter((line) => line.includes('Permission denied')).length, 2, stdout);
      assert.ok(lines.includes('kept'));
      for (const path of ['/souk/.env', '/souk/.git', '/souk/node_modules/typescript', '/souk/node_modules/knip'])
        assert.ok(!lines.includes(path), path);
      // Of what is not shipped only the manifests are there, which the lock file speaks of.
      assert.deepEqual(
        lines.filter((line) => /\.test\.ts$|\/test$|^\/souk\/(tests|bench)\/.*\.(ts|mjs)$/.test(line)),
        [],
      );
    });

    it('says everything that is missing in its configuration and ends', async () => {
      const { code, stderr } = await found.runToEnd(tag, []);
      assert.equal(code, 1);
      assert.match(stderr, /DATABASE_URL[\s\S]*INTERNAL_TOKEN/);
    });

    it('refuses a secret that everybody knows', async () => {
      const env = ['DATABASE_URL=postgres://orders:orders@postgres/orders', 'INTERNAL_TOKEN=changeme'];
      const { code, stderr } = await found.runToEnd(tag, [], env);
      assert.equal(code, 1);
      assert.match(stderr, /INTERNAL_TOKEN/);
    });
  });
}

if (found && composes) {
  describe('the composed system', { timeout: upTimeoutMs }, () => {
    const gateway = `http://${bindAddress}:8000`;
    let envFile: string;
    let place: string;
    const compose = (...args: string[]) =>
      found.run('compose', '--project-name', `souk-test-${process.pid}`, '--env-file', envFile, ...args);
    const until = async (probe: () => Promise<string | undefined>): Promise<void> => {
      const end = performance.now() + patienceMs;
      for (let missing = await probe(); missing !== undefined; missing = await probe()) {
        assert.ok(performance.now() < end, missing);
        await new Promise((resolve) => setTimeout(resolve, pollMs));
      }
    };
    const healthy = (): Promise<void> =>
      until(async () => {
        const said = await fetch(`${gateway}/health`).then((answer) => answer.text(), String);
        return said.startsWith('{"status":"healthy"') ? undefined : said;
      });

    const post = async (path: string, body: object, headers: Record<string, string> = {}): Promise<Record<string, unknown>> => {
      const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
      const answer = await fetch(`${gateway}${path}`, init);
      const said = (await answer.json()) as Record<string, unknown>;
      assert.ok(answer.ok, JSON.stringify(said));
      return said;
    };
    const order = async (): Promise<unknown> => {
      const kept = await compose('run', '--rm', '--no-deps', 'seed', 'cat', '/var/lib/souk/secrets/accounts.json');
      const accounts = JSON.parse(kept.stdout) as { role: string; username: string; password: string }[];
      const customer = accounts.find(({ role }) => role === 'customer');
      const { access_token } = await post('/api/auth/login', { login: customer?.username, password: customer?.password });
      const [product] = (await (await fetch(`${gateway}/api/products?in_stock=true&limit=1`)).json()) as { id: string }[];
      const body = {
        items: [{ product_id: product?.id, quantity: 1 }],
        shipping_address: { street: '1 Market Square', city: 'Lisbon', postal_code: '1100-148', country: 'PT' },
        payment_method: 'tok_visa',
      };
      return (await post('/api/orders', body, { authorization: `Bearer ${access_token}`, prefer: 'wait=20' }))['status'];
    };

    before(async () => {
      place = await mkdtemp(join(tmpdir(), 'souk-compose-'));
      envFile = join(place, '.env');
      const { execFileSync } = await import('node:child_process');
      const made = execFileSync(process.execPath, [join(folder, 'tools/cli/src/main.ts'), 'env', '--print'], { encoding: 'utf8' });
      await writeFile(envFile, made.replace(/^BIND_ADDRESS=.*$/m, `BIND_ADDRESS=${bindAddress}`), { mode: 0o600 });
      await compose('build', ...services);
      await compose('up', '--detach', ...services);
    });
    after(async () => {
      await compose('down', '--volumes', '--timeout', '20');
      await rm(place, { recursive: true, force: true });
    });

    it('is healthy, seeded, and sells', async () => {
      await healthy();
      await until(async () => {
        const products = (await (await fetch(`${gateway}/api/products?in_stock=true&limit=1`)).json()) as unknown[];
        return products.length === 1 ? undefined : 'there are no products in stock';
      });
      assert.equal(await order(), 'confirmed');
    });

    it('runs no server as root', async () => {
      for (const name of [...services.filter((each) => !['seed', 'definitions'].includes(each)), 'postgres', 'rabbitmq', 'redis']) {
        // Under the init process, where there is one, the server is its child.
        const { stdout } = await compose('exec', '-T', name, 'sh', '-c', 'grep -h "^Uid" /proc/[0-9]*/status | sort | uniq -c');
        const users = stdout.match(/Uid:\s+\d+/g) ?? [];
        assert.ok(
          users.some((line) => !/\s0$/.test(line)),
          `${name}: ${stdout}`,
        );
      }
    });

    it('goes on by itself when its servers were restarted, and keeps what it had', async () => {
      await compose('restart', 'rabbitmq', 'redis', 'postgres');
      await healthy();
      assert.equal(await order(), 'confirmed');
    });
  });
}
