/** What `souk new` refuses. What it writes is followed by the guides for engineers, in extending.test.ts. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { copyRepository, type RepositoryCopy } from './_repository-copy.ts';

const run = promisify(execFile);
const { NODE_TEST_CONTEXT: _context, ...env } = process.env;
let copy: RepositoryCopy;

const souk = async (...args: string[]): Promise<string> =>
  (await run(process.execPath, ['tools/cli/src/main.ts', 'new', ...args], { cwd: copy.folder, env })).stdout;

before(async () => {
  copy = await copyRepository();
});
after(() => copy.remove());

describe('souk new', () => {
  it('refuses bad and taken names, and writes nothing then', async () => {
    const refused: [string[], RegExp][] = [
      [['service', 'Reviews'], /no name of a service/],
      [['service', '../reviews'], /no name of a service/],
      [['service', 'orders'], /exists already/],
      [['service', 'postgres'], /exists already/],
      [['service', 'services'], /taken/],
      [['service', 'monitor'], /no name of a service/],
      [['route', 'reviews.list-reviews'], /no service "reviews"/],
      [['route', 'orders.list-again', '--path', '/api/orders'], /exists already/],
      [['event', 'order.created', '--owner', 'orders'], /exists already/],
      [['event', 'order.audited'], /--owner/],
      [['consumer', 'orders.erase-user', '--event', 'user.deleted'], /exists already/],
      [['consumer', 'orders.read-own', '--event', 'order.created'], /publishes order.created itself/],
      [['consumer', 'orders.read-none', '--event', 'none.created'], /no event/],
      [['service', 'reviews', '--owner', 'orders'], /knows no --owner/],
    ];
    for (const [args, message] of refused)
      await assert.rejects(souk(...args), (error: { stderr: string }) => message.test(error.stderr), args.join(' '));
    assert.deepEqual(await copy.changed(), []);
  });
});
