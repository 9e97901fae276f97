/** The console in another language than English: nothing of it is left behind, and longer words fit too. */
import assert from 'node:assert/strict';
import { createTestClient } from '@souk/client/testing';
import { listOrders, login } from '@souk/contracts';
import { required } from '@souk/kernel';
import type { Looker } from './_browser.ts';
import { isLoaded, screenPaths, withoutLeaving } from './_console.ts';
import type { TradingShop } from './_shop.ts';

interface Spoken {
  locale: string;
  /** Words of the page in this language. */
  orders: string;
  signed_out: string;
  cancel: string;
}

/** English words that would stand on many screens if one was forgotten. */
const english = /\b(?:the|and|with|of|there|orders?|next page|state)\b/i;

export async function consoleSpeaks(browser: Looker, shop: TradingShop, spoken: Spoken): Promise<void> {
  const anonymous = createTestClient({ base_url: shop.souk.gateway_url });
  const admin = anonymous.with({ token: (await anonymous.expect(200, login, { body: shop.credentials('admin') })).body.access_token });
  const order = required((await admin.expect(200, listOrders, { query: { status: 'confirmed', limit: 1 } })).body[0], 'an order');
  const { page, faults, barriers, picture } = await browser.open({ locale: spoken.locale, width: 360, height: 740 });
  const { login: name, password } = shop.credentials('admin');
  await page.goto(`${shop.souk.gateway_url}/console`);
  await page.getByRole('button', { name: spoken.signed_out }).waitFor();
  assert.equal(await page.locator('html').getAttribute('lang'), spoken.locale.slice(0, 2));
  assert.deepEqual(await barriers(), [], `${spoken.locale} sign-in`);
  await page.locator('input[name="login"]').fill(name);
  await page.locator('input[name="password"]').fill(password);
  await page.keyboard.press('Enter');
  await page.locator('#screens').getByText(spoken.orders, { exact: true }).waitFor({ state: 'attached' });
  for (const path of [...screenPaths, `/orders/${order.id}`]) {
    await page.goto(`${shop.souk.gateway_url}/console${path}`);
    await isLoaded(page);
    assert.deepEqual(await barriers(), [], `${spoken.locale} ${path}`);
    const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    assert.equal(overflow, 0, `${spoken.locale} ${path} is wider than the page`);
    for (const text of await page.locator('h1, h2, label, legend, thead th, button, nav a').allInnerTexts())
      assert.doesNotMatch(text, english, `${spoken.locale} ${path}`);
  }
  await page.getByRole('button', { name: spoken.cancel }).click();
  await page.getByRole('dialog').waitFor();
  await picture(`console-${spoken.locale}`);
  assert.deepEqual(await barriers(), [], `${spoken.locale} dialog`);
  assert.deepEqual(withoutLeaving(faults), []);
  await page.close();
}
