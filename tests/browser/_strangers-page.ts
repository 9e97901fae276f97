/** A page of somebody who has read the reference and nothing else: plain HTML and the client as `souk build-client` makes it, at an origin of its own. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createTestClient } from '@souk/client/testing';
import { completeOrder, login, shipOrder } from '@souk/contracts';
import { required } from '@souk/kernel';
import type { Looker } from './_browser.ts';
import { says, type TradingShop } from './_shop.ts';

export interface PageServer {
  origin: string;
  close(): Promise<void>;
}

const souk = fileURLToPath(new URL('../../tools/cli/bin/souk.mjs', import.meta.url));

/** Builds the client and serves the page beside it. */
export async function servePage(): Promise<PageServer> {
  const folder = await mkdtemp(join(tmpdir(), 'souk-page-'));
  const built = join(folder, 'client');
  await promisify(execFile)(process.execPath, [souk, 'build-client', '--folder', built]);
  const files = new Map<string, [string, Buffer]>([
    ['/', ['text/html; charset=utf-8', await readFile(new URL('_strangers-page.html', import.meta.url))]],
    ['/client.js', ['text/javascript', await readFile(join(built, 'index.min.js'))]],
  ]);
  const server = createServer(({ url = '' }, response) => {
    const [type, content] = files.get(url.split('?', 1)[0] ?? '') ?? [];
    if (type === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': type }).end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Signs in, searches, orders, and watches the order while staff ship and complete it. */
export async function strangerBuys(browser: Looker, { souk: platform, credentials }: TradingShop, origin: string): Promise<void> {
  const { page, faults } = await browser.open();
  await page.goto(`${origin}/?shop=${encodeURIComponent(platform.gateway_url)}`);
  const customer = credentials('customer');
  await page.getByLabel('User name').fill(customer.login);
  await page.getByLabel('Password').fill('a wrong one');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await says(page, /^login_failed: /, 'body');
  assert.equal(faults.splice(0).length, 2, 'the browser reports the refusal');
  await page.getByLabel('Password').fill(customer.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await says(page, `Signed in as ${customer.login}.`, 'body');
  await page.getByLabel('Search').fill('kettle');
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  // Staff may have changed its price meanwhile.
  await page.getByRole('button', { name: /^Buy Copper kettle for \d+(?:\.\d+)? EUR$/ }).click();
  const changes = page.locator('#changes');
  await changes.getByText('confirmed', { exact: true }).waitFor();
  const order_id = required(await page.locator('body').getAttribute('data-order'), 'the id of the order');
  const anonymous = createTestClient({ base_url: platform.gateway_url });
  const token = (await anonymous.expect(200, login, { body: credentials('staff') })).body.access_token;
  const staff = anonymous.with({ token });
  await staff.expect(200, shipOrder, { params: { order_id }, body: { carrier: 'Post', tracking_number: 'P1' } });
  await changes.getByText('shipped', { exact: true }).waitFor();
  await staff.expect(200, completeOrder, { params: { order_id }, body: {} });
  await says(page, /is finished\.$/, 'body');
  assert.deepEqual(await changes.getByRole('listitem').allTextContents(), [
    'pending',
    'awaiting_payment',
    'confirmed',
    'shipped',
    'completed',
  ]);
  // The client leaves a stream whose last event says that it is at its end.
  assert.deepEqual(
    faults.filter((fault) => !fault.endsWith('/events net::ERR_ABORTED')),
    [],
  );
}
