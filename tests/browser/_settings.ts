/** Settings in the console: rates of tax, ways of shipping, and what an order would cost with them. */
import assert from 'node:assert/strict';
import { createTestClient } from '@souk/client/testing';
import { deleteShippingMethod, deleteShippingZone, listShippingMethods, listShippingZones, listTaxRates, login } from '@souk/contracts';
import { required } from '@souk/kernel';
import { until } from '@souk/platform/testing';
import type { Page } from 'playwright-core';
import type { Looker } from './_browser.ts';
import { signIn, withoutLeaving } from './_console.ts';
import type { TradingShop } from './_shop.ts';

async function staffOf({ souk, credentials }: TradingShop) {
  const anonymous = createTestClient({ base_url: souk.gateway_url });
  return anonymous.with({ token: (await anonymous.expect(200, login, { body: credentials('staff') })).body.access_token });
}

const withoutRefusals = (faults: readonly string[], status: string): string[] =>
  withoutLeaving(faults).filter((fault) => !fault.includes(status));

async function isFocused(page: Page, label: string): Promise<void> {
  await until(async () => {
    const isHere = await page
      .getByRole('dialog')
      .getByLabel(label)
      .evaluate((field) => field === field.ownerDocument.activeElement);
    return isHere ? undefined : `${label} has no focus`;
  });
}

/** A file is refused as a whole, with the line that is wrong, and read when it is right. */
async function fileIsRead(page: Page, barriers: () => Promise<string[]>, stored: () => Promise<number>): Promise<void> {
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'Rates from a file' }).click();
  const file = (rows: readonly string[]) => ({ name: 'rates.csv', mimeType: 'text/csv', buffer: Buffer.from(rows.join('\n')) });
  const rows = ['country,name,rate_percent', 'PT,IVA,23', 'FR,TVA,20'];
  await dialog.getByLabel('File').setInputFiles(file([...rows, 'XX,?,much']));
  await dialog.getByRole('button', { name: 'Import' }).click();
  await dialog.getByText('Nothing was stored of 3 rows, because of these:').waitFor();
  await dialog.getByRole('rowheader', { name: '4' }).waitFor();
  assert.deepEqual(await barriers(), [], 'a file that is refused');
  assert.equal(await stored(), 0, 'nothing of it is stored');
  await dialog.getByLabel('File').setInputFiles(file(rows));
  await dialog.getByRole('button', { name: 'Import' }).click();
  await dialog.getByText('2 rows: 2 stored, 0 were there already.').waitFor();
  await dialog.getByRole('button', { name: 'Do nothing' }).click();
  assert.equal(await stored(), 2);
}

/** A country is added, a file is refused with its lines and then read, a rate is refused at its fields, added, ended and deleted. */
export async function ratesAreKept(browser: Looker, shop: TradingShop): Promise<void> {
  const staff = await staffOf(shop);
  const { page, faults, barriers, picture } = await browser.open({ width: 390, height: 844 });
  await signIn(page, shop, '/taxes');
  const dialog = page.getByRole('dialog');
  await page.getByText('No tax is charged anywhere.').waitFor();
  await page.getByRole('button', { name: 'Add a country' }).click();
  await dialog.getByLabel('Country').selectOption('PT');
  await dialog.getByRole('button', { name: 'Add a country' }).click();
  await page.getByRole('row').filter({ hasText: 'Portugal' }).getByText('hold the tax').waitFor();

  await fileIsRead(page, barriers, async () => (await staff.expect(200, listTaxRates)).body.length);
  await page.getByRole('button', { name: 'Add a rate' }).click();
  await dialog.getByLabel('Country').selectOption('PT');
  await dialog.getByLabel('Tax', { exact: true }).fill('IVA');
  await dialog.getByLabel('Rate in percent').fill('half');
  await dialog.getByRole('button', { name: 'Add a rate' }).click();
  await dialog.getByText('This is not a number.').waitFor();
  await isFocused(page, 'Rate in percent');
  await dialog.getByLabel('Rate in percent').fill('6');
  await dialog.getByLabel('State or province').fill('Nowhere');
  await dialog.getByLabel('Tax class').fill('Reduced rate');
  await dialog.getByRole('button', { name: 'Add a rate' }).click();
  await isFocused(page, 'Tax class');
  assert.deepEqual(await barriers(), [], 'a rate that is refused');
  await dialog.getByLabel('State or province').fill('');
  await dialog.getByLabel('Tax class').fill('reduced');
  await dialog.getByRole('button', { name: 'Add a rate' }).click();
  const reduced = page.getByRole('row').filter({ hasText: 'reduced' });
  await reduced.getByText('6 %').waitFor();
  await page.getByRole('button', { name: 'End IVA 6 % of Portugal' }).click();
  await dialog.getByLabel('Valid until').fill('2031-01-01T00:00');
  await dialog.getByRole('button', { name: 'End', exact: true }).click();
  await reduced.getByText('2031').waitFor();
  const ended = required(
    (await staff.expect(200, listTaxRates, { query: { country: 'PT' } })).body.find(({ valid_until }) => valid_until),
    'the ended rate',
  );
  assert.deepEqual([ended.tax_class, ended.rate_percent, ended.version], ['reduced', 6, 2]);
  await page.getByLabel('Country').selectOption('PT');
  await page.getByRole('row').filter({ hasText: 'France' }).waitFor({ state: 'detached' });
  assert.match(page.url(), /country=PT/);
  await picture('console-taxes-phone');
  assert.deepEqual(await barriers(), [], 'taxes');
  const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  assert.equal(overflow, 0, 'taxes fit a phone');
  await page.getByRole('button', { name: 'Delete IVA 6 % of Portugal' }).click();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await reduced.waitFor({ state: 'detached' });
  assert.deepEqual(withoutRefusals(faults, '400'), []);
  await page.close();
}

/** A zone with a method is added by keyboard alone, and the method is changed for the version that is shown. */
export async function zoneIsShippedTo(browser: Looker, shop: TradingShop): Promise<void> {
  const staff = await staffOf(shop);
  const { page, faults, barriers, picture } = await browser.open({ scheme: 'dark' });
  await signIn(page, shop);
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').waitFor();
  await page.keyboard.type('shipping');
  await page.keyboard.press('Enter');
  await page.getByText('There are no zones.').waitFor();
  await page.getByRole('button', { name: 'Add a zone' }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').waitFor();
  await page.keyboard.type('Iberia');
  await page.keyboard.press('Tab');
  await page.keyboard.type('pt, es, qq');
  await dialog.getByRole('button', { name: 'Add a zone' }).focus();
  await page.keyboard.press('Enter');
  await dialog.getByRole('alert').waitFor();
  assert.deepEqual(await barriers(), [], 'a zone that is refused');
  await dialog.getByLabel('Countries').fill('pt, es');
  await dialog.getByRole('button', { name: 'Add a zone' }).click();
  await page.getByRole('row').filter({ hasText: 'Iberia' }).getByText('Portugal, Spain').waitFor();
  await page.getByRole('button', { name: 'Add a method' }).click();
  await dialog.getByLabel('Name').fill('Post');
  await dialog.getByLabel('Code').fill('post');
  await dialog.getByLabel('Cost').selectOption('by_subtotal');
  await dialog.getByLabel('Prices').fill('0 5.9\n100 2.9');
  await dialog.getByLabel('Free from').fill('500');
  await dialog.getByLabel('at least').fill('2');
  await dialog.getByLabel('at most').fill('4');
  assert.deepEqual(await barriers(), [], 'the dialog of a method');
  await dialog.getByRole('button', { name: 'Add a method' }).click();
  const post = page.getByRole('row').filter({ hasText: 'free from €500.00' });
  await post.getByText('from €100.00: €2.90').waitFor();
  await page.getByRole('button', { name: 'Change Post' }).click();
  await dialog.getByLabel('Prices').fill('0 5.9\n100 3.9');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await post.getByText('from €100.00: €3.90').waitFor();
  await picture('console-shipping-dark');
  assert.deepEqual(await barriers(), [], 'shipping');
  assert.deepEqual((await staff.expect(200, listShippingMethods)).body[0]?.steps, [
    { from: 0, amount: 5.9 },
    { from: 100, amount: 3.9 },
  ]);
  await page.getByRole('button', { name: 'Delete Iberia' }).click();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await dialog.getByText('shipping_zone_in_use').waitFor({ state: 'attached' });
  assert.deepEqual(withoutRefusals(withoutRefusals(faults, '400'), '409'), []);
  await page.close();
}

/** The goods of a quote are found, and its total has the tax and the shipping that were set; afterwards the shop sends everywhere again. */
export async function quoteIsCalculated(browser: Looker, shop: TradingShop): Promise<void> {
  const staff = await staffOf(shop);
  const { page, faults, barriers, picture } = await browser.open();
  await signIn(page, shop, '/quotes');
  await page.getByLabel('Find products').fill('kettle');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Add Copper kettle' }).click();
  await page.getByLabel('Pieces of Copper kettle').fill('2');
  await page.getByLabel('Country').selectOption('PT');
  await page.getByLabel('Codes of promotions').fill('nothing');
  const cost = page.getByRole('region', { name: 'What it would cost', exact: true });
  // Rules are read anew within a moment.
  await until(async () => {
    await page.getByRole('button', { name: 'Calculate' }).click();
    await cost.waitFor();
    return (await cost.getByText('of it IVA 23 %').count()) === 1 ? undefined : 'the tax is not in it';
  });
  await cost.getByText('Shipping: Post').waitFor();
  await cost.getByText('NOTHING does not apply: there is no such code.').waitFor();
  await cost
    .getByRole('row')
    .filter({ hasText: 'Total' })
    .getByText(/^€\d+\.\d\d$/)
    .waitFor();
  await picture('console-quote');
  assert.deepEqual(await barriers(), [], 'a quote');
  await page.getByLabel('Country').selectOption('JP');
  await page.getByRole('button', { name: 'Calculate' }).click();
  await page.getByText('shipping_unavailable').waitFor({ state: 'attached' });
  assert.deepEqual(withoutRefusals(faults, '400'), []);
  for (const { id } of (await staff.expect(200, listShippingMethods)).body)
    await staff.expect(204, deleteShippingMethod, { params: { method_id: id } });
  for (const { id } of (await staff.expect(200, listShippingZones)).body)
    await staff.expect(204, deleteShippingZone, { params: { zone_id: id } });
  await page.close();
}
