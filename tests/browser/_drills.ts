/** An administrator has a service ended in the console, and watches until the auditor has judged: orders wait, go on, and nothing is lost. */
import assert from 'node:assert/strict';
import { createTestClient } from '@souk/client/testing';
import { getAudit, listDrills, listOrders, login } from '@souk/contracts';
import { required } from '@souk/kernel';
import { until } from '@souk/platform/testing';
import type { Looker } from './_browser.ts';
import { isLoaded, signIn, withoutLeaving } from './_console.ts';
import type { TradingShop } from './_shop.ts';

const ordersMeanwhile = 3;
const seconds = 8;

export async function drillIsWatched(browser: Looker, shop: TradingShop): Promise<void> {
  const anonymous = createTestClient({ base_url: shop.souk.gateway_url });
  const admin = anonymous.with({ token: (await anonymous.expect(200, login, { body: shop.credentials('admin') })).body.access_token });
  const staff = await browser.open();
  await signIn(staff.page, shop, '/drills');
  await staff.page.getByText('Only administrators can start one.').waitFor();
  await staff.page.close();

  const { page, faults, barriers, picture } = await browser.open();
  await signIn(page, shop, '/drills', 'admin');
  await page.getByRole('button', { name: 'Start a drill' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('What is taken away').selectOption('inventory');
  await dialog.getByText('All services share one process here').waitFor();
  await dialog.getByLabel('For how many seconds').fill(String(seconds));
  assert.deepEqual(await barriers(), [], 'the dialog of a drill');
  await dialog.getByRole('button', { name: `Take inventory away for ${seconds} s` }).click();
  assert.equal((await admin.expect(200, listDrills)).body.drills.length, 0, 'nothing begins before its name is typed');
  await dialog.getByLabel('Type inventory to confirm').fill('inventory');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Drill: inventory' }).waitFor();
  const steps = page.getByRole('region', { name: 'What happens' });
  await steps.getByText(/inventory is stopped.*after/).waitFor();

  for (let placed = 0; placed < ordersMeanwhile; placed += 1) await shop.order();
  await page.getByText(`${ordersMeanwhile} orders wait for stock or payment now`).waitFor();
  await picture('console-drill-away');
  assert.deepEqual(await barriers(), [], 'a drill under way');

  await steps.getByText(/inventory takes work again.*after/).waitFor();
  await steps.getByText(/No more orders wait than before.*after/).waitFor();
  const verdict = page.getByRole('region', { name: 'Verdict of the auditor' });
  await verdict.getByText('Books balanced').waitFor({ timeout: 90_000 });
  const [drill] = (await admin.expect(200, listDrills)).body.drills;
  const { verdict: judged, waiting_most } = required(drill, 'the drill');
  assert.deepEqual(judged, (await admin.expect(200, getAudit, { query: {} })).body, 'it is the report that the auditor gives');
  const { orders, payments, movements } = required(judged?.counts, 'what was counted');
  await verdict.getByText(`${orders} orders, ${payments} payments, ${movements} movements of stock: 0 violations.`).waitFor();
  await page.getByText(`0 waited before, ${waiting_most} at most.`).waitFor();
  assert.equal(waiting_most, ordersMeanwhile);
  await until(async () => {
    const { body } = await admin.expect(200, listOrders, { query: { limit: ordersMeanwhile } });
    const states = body.map(({ status }) => status).join();
    return states === Array(ordersMeanwhile).fill('confirmed').join() ? undefined : states;
  });
  await picture('console-drill-over');
  assert.deepEqual(await barriers(), [], 'a drill that is over');
  await page.getByRole('link', { name: 'All drills' }).click();
  await isLoaded(page);
  await page.getByRole('row').filter({ hasText: 'inventory' }).getByText('Books balanced').waitFor();
  assert.deepEqual(await barriers(), [], 'the list of drills');
  assert.deepEqual(withoutLeaving(faults), []);
  await page.close();
}
