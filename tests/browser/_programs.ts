/** What administrators give to programs in the console: webhooks and API keys, with secrets that are shown once. */
import assert from 'node:assert/strict';
import { createTestClient } from '@souk/client/testing';
import { listApiKeys, listOrders, listWebhooks, login } from '@souk/contracts';
import { until } from '@souk/platform/testing';
import type { Looker } from './_browser.ts';
import { isLoaded, signIn, withoutLeaving } from './_console.ts';
import type { TradingShop } from './_shop.ts';

const address = 'https://hooks.example.org/orders';

/** A key is made, works once it was copied from the page, and works no more after it was revoked. */
export async function keyIsMadeAndRevoked(browser: Looker, shop: TradingShop): Promise<void> {
  const anonymous = createTestClient({ base_url: shop.souk.gateway_url });
  const admin = anonymous.with({ token: (await anonymous.expect(200, login, { body: shop.credentials('admin') })).body.access_token });
  const { page, faults, barriers, picture } = await browser.open();
  await signIn(page, shop, '/api-keys', 'admin');
  await page.getByText('There are no API keys.').waitFor();
  await page.getByRole('button', { name: 'Make an API key' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('What it is for').fill('The warehouse');
  await dialog.getByLabel('Read all orders and their histories').check();
  assert.deepEqual(await barriers(), [], 'the dialog of a key');
  await dialog.getByRole('button', { name: 'Make an API key' }).click();
  await page.getByRole('heading', { name: 'Key for The warehouse' }).waitFor();
  const key = (await dialog.locator('pre').textContent()) ?? '';
  assert.deepEqual(await barriers(), [], 'a key that is shown');
  await dialog.getByRole('button', { name: 'I have kept it' }).click();
  const program = anonymous.with({ token: key });
  await program.expect(200, listOrders, { query: { limit: 1 } });
  await page.getByRole('row').filter({ hasText: 'The warehouse' }).getByText('orders:read').waitFor();
  assert.doesNotMatch(await page.content(), new RegExp(key), 'it is nowhere on the page any more');
  await picture('console-api-keys');
  assert.deepEqual(await barriers(), [], 'API keys');
  await page.getByRole('button', { name: 'Revoke the key for The warehouse' }).click();
  await dialog.getByRole('button', { name: 'Revoke' }).click();
  await page.getByText('There are no API keys.').waitFor();
  assert.deepEqual((await admin.expect(200, listApiKeys)).body, []);
  await until(async () => ((await program.call(listOrders, {})).status === 401 ? undefined : 'the key still opens'));
  assert.deepEqual(withoutLeaving(faults), []);
  await page.close();
}

/** A webhook is refused with the words of the API, made, paused, its secret rotated, and deleted. */
export async function webhookIsKept(browser: Looker, shop: TradingShop): Promise<void> {
  const anonymous = createTestClient({ base_url: shop.souk.gateway_url });
  const admin = anonymous.with({ token: (await anonymous.expect(200, login, { body: shop.credentials('admin') })).body.access_token });
  const { page, faults, barriers, picture } = await browser.open({ width: 390, height: 844, scheme: 'dark' });
  await signIn(page, shop, '/webhooks', 'admin');
  await page.getByRole('button', { name: 'Add a webhook' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Address').fill('https://10.0.0.7/orders');
  await dialog.getByLabel('What it is for').fill('The warehouse');
  await dialog.getByLabel('Order shipped').check();
  await dialog.getByRole('button', { name: 'Add a webhook' }).click();
  await dialog.getByRole('alert').getByText('webhook_target_refused').waitFor({ state: 'attached' });
  await dialog.getByLabel('Address').fill(address);
  await dialog.getByRole('button', { name: 'Add a webhook' }).click();
  const first = (await page.locator('dialog pre').textContent()) ?? '';
  assert.match(first, /^whsec_/);
  await dialog.getByRole('button', { name: 'I have kept it' }).click();
  await page.getByRole('link', { name: address }).click();
  await page.getByRole('button', { name: 'Pause' }).click();
  await dialog.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('button', { name: 'Make active' }).waitFor();
  await page.getByRole('button', { name: 'Rotate the secret' }).click();
  await dialog.getByRole('button', { name: 'Rotate the secret' }).click();
  await page.getByRole('heading', { name: 'Secret of the webhook' }).waitFor();
  const second = (await page.locator('dialog pre').textContent()) ?? '';
  assert.ok(second.startsWith('whsec_') && second !== first);
  await dialog.getByRole('button', { name: 'I have kept it' }).click();
  await page.getByRole('button', { name: 'Make active' }).click();
  await dialog.getByRole('button', { name: 'Make active' }).click();
  await page.getByRole('button', { name: 'Send a ping' }).click();
  await dialog.getByRole('button', { name: 'Send a ping' }).click();
  await page.getByRole('row').filter({ hasText: 'webhook.ping' }).waitFor();
  await isLoaded(page);
  await picture('console-webhook-phone');
  assert.deepEqual(await barriers(), [], 'a webhook');
  const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  assert.equal(overflow, 0, 'the page of a webhook fits a phone');
  await page.getByRole('button', { name: 'Delete' }).click();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await page.getByText('Events are not posted anywhere.').waitFor();
  assert.deepEqual((await admin.expect(200, listWebhooks)).body, []);
  assert.deepEqual(
    withoutLeaving(faults).filter((fault) => !fault.includes('400')),
    [],
  );
  await page.close();
}
