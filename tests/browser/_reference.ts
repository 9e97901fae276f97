/** The reference as somebody reads it in a browser: with and without a script, on a telephone, and sending a request from it. */
import assert from 'node:assert/strict';
import type { Looker } from './_browser.ts';
import { says, type TradingShop } from './_shop.ts';

const pages = ['/api', '/docs', '/docs/inventory', '/docs/events', '/problems', '/problems/total_changed'];
/** On a telephone at night: one of each kind with wide parts. */
const smallPages = ['/docs', '/docs/inventory'];

/** Every page opens without a fault (a violation of its policy is one) and has no barriers, light and wide, dark and narrow. */
export async function pagesOpen(browser: Looker, { souk }: TradingShop): Promise<void> {
  for (const look of [{}, { scheme: 'dark', width: 360, height: 740 } as const]) {
    const { page, faults, barriers } = await browser.open(look);
    for (const path of look.scheme === 'dark' ? smallPages : pages) {
      await page.goto(`${souk.gateway_url}${path}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      assert.deepEqual(await barriers(), [], path);
      const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
      assert.equal(overflow, 0, `${path} is wider than the page`);
    }
    assert.deepEqual(faults, []);
    await page.close();
  }
}

/** Signs in on a page of the reference and reads the own payments with a form of it. */
export async function requestIsSent(browser: Looker, { souk, credentials }: TradingShop): Promise<void> {
  const { page, faults, barriers } = await browser.open();
  const { login, password } = credentials('customer');
  await page.goto(`${souk.gateway_url}/docs/payments`);
  await page.getByLabel('Find on this page').fill('webhooks');
  await page.locator('#listPayments').waitFor({ state: 'hidden' });
  assert.equal(await page.locator('#receiveWebhook').isVisible(), true);
  await page.getByLabel('Find on this page').fill('');
  await page.locator('#listPayments').waitFor();
  await page.getByText('Sign in to send requests').click();
  await page.getByLabel('User name or e-mail').fill(login);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await says(page, 'Signed in until this page is left.');
  await page.getByRole('button', { name: 'Send GET /api/payments', exact: true }).click();
  await page.locator('#listPayments').getByRole('button', { name: 'Send', exact: true }).click();
  await says(page, /^200/, '#listPayments');
  await says(page, '"status": "captured"', '#listPayments');
  assert.deepEqual(await barriers(), []);
  assert.deepEqual(faults, []);
  const kept = await page.evaluate<number>('localStorage.length + sessionStorage.length + document.cookie.length');
  assert.equal(kept, 0, 'the token is in memory only');
  await page.close();
}

/** Without a script the pages read the same, and offer nothing that would need one. */
export async function readsWithoutScript(browser: Looker, { souk }: TradingShop): Promise<void> {
  const { page, faults } = await browser.open({ script: false });
  await page.goto(`${souk.gateway_url}/docs/orders`);
  await page.getByRole('link', { name: 'POST /api/orders', exact: true }).first().click();
  await page.getByRole('heading', { name: 'POST /api/orders', exact: true }).waitFor();
  assert.equal(await page.getByRole('button').count(), 0);
  assert.equal(await page.getByRole('searchbox').count(), 0);
  await page.getByRole('link', { name: 'total_changed' }).first().click();
  await page.getByRole('heading', { level: 1, name: 'The total has changed' }).waitFor();
  assert.deepEqual(faults, []);
  await page.close();
}
