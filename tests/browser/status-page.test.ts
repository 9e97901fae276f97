import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { serviceNames } from '@souk/contracts';
import { until } from '@souk/platform/testing';
import { accountIsKept } from './_account.ts';
import { type Looker, openBrowser, watched } from './_browser.ts';
import { bankAsks, buyingGoesWrong, fillWindow, formsSentTwice, guestBuys } from './_buying.ts';
import { guestSendsBack } from './_linked-return.ts';
import { pagesAreLive } from './_live-pages.ts';
import { pagesOpen, readsWithoutScript, requestIsSent } from './_reference.ts';
import { cartGoesAlong } from './_saved-cart.ts';
import { confirmedOrders, enrolSecondFactor, firstCellSays, openTradingShop, says, signInAt, type TradingShop } from './_shop.ts';
import { fillShelves, storePagesOpen, storeWorksByKeyboard, storeWorksWithoutScript } from './_storefront.ts';
import { type PageServer, servePage, strangerBuys } from './_strangers-page.ts';

describe('the status page in the embedded world', () => {
  let browser: Looker | undefined;
  let shop: TradingShop;
  let window: PageServer;
  before(async () => {
    browser = await openBrowser();
    if (!browser) return;
    window = await servePage();
    const env = { AUDIT_INTERVAL_MS: '600000', RECHECK_INTERVAL_MS: '100', STATUS_INTERVAL_MS: '1000', CORS_ORIGINS: window.origin };
    shop = await openTradingShop({ env });
  });
  after(async () => {
    await window?.close();
    await browser?.close();
    await shop?.souk.stop();
  });

  const look = watched(() => browser);

  look('the pages of the reference open, send a request, and read without a script', async (browser) => {
    await pagesOpen(browser, shop);
    await requestIsSent(browser, shop);
    await readsWithoutScript(browser, shop);
  });

  look('the pages of the shop open, and work without a script and by keyboard', async (browser) => {
    const shelves = await fillShelves(shop);
    await storePagesOpen(browser, shop, shelves);
    await storeWorksWithoutScript(browser, shop, shelves);
    await storeWorksByKeyboard(browser, shop);
  });

  look('a customer opens an account, comes back to where one was, and leaves nothing behind', async (browser) => {
    await accountIsKept(browser, shop, window.origin);
  });

  look('a guest buys, with scripts and without, whatever goes wrong, and no form is two orders', async (browser) => {
    const goods = await fillWindow(shop);
    await cartGoesAlong(browser, shop, goods);
    await formsSentTwice(shop, goods);
    await guestBuys(browser, shop, goods, { script: true, width: 1280 });
    await guestBuys(browser, shop, goods, { script: true, width: 390 });
    await guestBuys(browser, shop, goods, { script: false, width: 320 });
    await buyingGoesWrong(browser, shop, goods);
    await bankAsks(browser, shop, goods);
    await guestSendsBack(browser, shop, goods);
    await pagesAreLive(browser, shop, goods);
  });

  look('a page of another origin signs in, searches, orders and watches its order', async (browser) => {
    await strangerBuys(browser, shop, window.origin);
  });

  look('a customer is turned away, staff see that all is well, and the books', async (browser) => {
    const { page, faults, barriers, picture } = await browser.open();
    await page.goto(`${shop.souk.gateway_url}/status`);
    await says(page, 'Sign in to see how the shop is');
    assert.deepEqual(await barriers(), []);
    await signInAt(page, shop.souk.gateway_url, shop.credentials('customer'));
    await says(page, 'This account is not of the staff.');
    assert.deepEqual(faults.splice(0), [
      `answer: 403 ${shop.souk.gateway_url}/api/status`,
      'console: Failed to load resource: the server responded with a status of 403 (Forbidden)',
    ]);
    await signInAt(page, shop.souk.gateway_url, shop.credentials('staff'));
    await says(page, 'All is well');
    await says(page, 'all in one process');
    for (const service of serviceNames)
      await page
        .getByRole('article', { name: service, exact: true })
        .filter({ hasText: /healthy[\s\S]*Requests[\s\S]*up \d/ })
        .waitFor();
    // A rate needs two readings.
    await page.getByRole('article', { name: 'gateway', exact: true }).getByText(/\/s$/).waitFor();
    await firstCellSays(page, 'Orders by state', 'confirmed', await confirmedOrders(shop));
    await firstCellSays(page, 'Queues', 'inventory.reserve-stock', '0');
    // Soon after the start, without being asked.
    await page.getByRole('article', { name: 'Books' }).getByText('balanced', { exact: true }).waitFor();
    await picture('status-healthy');
    assert.deepEqual(await barriers(), []);
    assert.deepEqual(faults, []);
    await page.reload();
    await says(page, 'All is well');
    // A request that was under way when the page was left is aborted, as it should be.
    assert.deepEqual(
      faults.splice(0).filter((fault: string) => !fault.endsWith('net::ERR_ABORTED')),
      [],
      'the tab stays signed in',
    );
    await page.getByRole('button', { name: 'Sign out' }).click();
    await says(page, 'Sign in to see how the shop is');
    await page.reload();
    await says(page, 'Sign in to see how the shop is');
  });

  look('a service that is down is named, with since when and what it means; when it is back, the incident is resolved', async (browser) => {
    const { page, faults, barriers, picture } = await browser.open({ scheme: 'dark' });
    await signInAt(page, shop.souk.gateway_url, shop.credentials('staff'));
    await says(page, 'All is well');
    await shop.souk.stopService('payments');
    await says(page, 'Something is wrong; the shop sells on');
    const incident = page.getByRole('listitem').filter({ hasText: 'payments does not answer' });
    await incident.getByText(/^since \d\d:\d\d \(\d+ s\)$/).waitFor();
    await incident.getByText('Orders are accepted and wait for their money.').waitFor();
    await page.getByRole('article', { name: 'payments', exact: true }).filter({ hasText: 'unhealthy' }).waitFor();
    await shop.order();
    await page.getByRole('row').filter({ hasText: 'payments.create-payment' }).getByText('none').waitFor();
    await picture('status-service-down');
    assert.deepEqual(await barriers(), []);
    await shop.souk.startService('payments');
    await says(page, 'All is well');
    await page.getByText('Resolved within the last hour').click();
    await says(page, /\d\d:\d\d to \d\d:\d\d \(.*\): payments does not answer/);
    assert.deepEqual(faults, []);
  });

  look('when the broker is away orders wait in the outbox, and the page says so, on a phone too', async (browser) => {
    const { page, faults, barriers, picture } = await browser.open({ width: 400, height: 800 });
    await signInAt(page, shop.souk.gateway_url, shop.credentials('staff'));
    await says(page, 'All is well');
    const heal = await shop.souk.cutBroker();
    try {
      await says(page, 'The embedded broker does not answer');
      await shop.order();
      await page
        .getByRole('article', { name: 'Embedded broker' })
        .getByText(/^0 of \d+ connections up$/)
        .waitFor();
      await says(page, /[1-9]\d* events? waits? in the outboxes/);
      assert.deepEqual(await barriers(), []);
      const beyond = await page.evaluate<string[]>(
        "[...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth && !one.closest('.scroll, thead')).map((one) => one.outerHTML.slice(0, 120))",
      );
      const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
      assert.equal(overflow, 0, `the page fits a phone; beyond its edge: ${beyond.join('\n')}`);
      const cut = await page.evaluate<number>(
        "[...document.querySelectorAll('.scroll')].filter((frame) => frame.scrollWidth > frame.clientWidth).length",
      );
      assert.equal(cut, 0, 'no column of a table is cut off');
      await picture('status-broker-down-phone');
    } finally {
      await heal();
    }
    await says(page, 'All is well');
    assert.deepEqual(faults, []);
  });

  look('when the gateway itself is away the page says since when, keeps what it knew, and comes back by itself', async (browser) => {
    const { page } = await browser.open();
    await signInAt(page, shop.souk.gateway_url, shop.credentials('staff'));
    await says(page, 'All is well');
    await shop.souk.stopService('gateway');
    await page
      .locator('#alarm')
      .getByText(/The server cannot be reached since \d\d:\d\d \(\d+ s\)\./)
      .waitFor();
    await page
      .locator('#alarm')
      .getByText(/What is below is of \d\d:\d\d:\d\d and may have changed/)
      .waitFor();
    assert.equal(await page.getByRole('article', { name: 'orders', exact: true }).count(), 1);
    await shop.souk.startService('gateway');
    await says(page, 'All is well');
    await until(async () => ((await page.locator('#alarm').textContent()) === '' ? undefined : 'the alarm is still there'));
  });

  look('while the gateway is away the page on the port of operations lets staff sign in, and names the gateway', async (browser) => {
    const { page } = await browser.open();
    await shop.souk.stopService('gateway');
    try {
      await signInAt(page, shop.souk.urlOf('operations'), shop.credentials('staff'));
      const incident = page.getByRole('listitem').filter({ hasText: 'gateway does not answer' });
      await incident.getByText(/^since \d\d:\d\d/).waitFor();
      await page.getByRole('article', { name: 'orders', exact: true }).filter({ hasText: 'healthy' }).waitFor();
    } finally {
      await shop.souk.startService('gateway');
    }
    await says(page, 'All is well');
  });

  look('staff with a second factor are asked for its code', async (browser) => {
    const { page } = await browser.open();
    const recovery_code = await enrolSecondFactor(shop, 'staff');
    await signInAt(page, shop.souk.gateway_url, shop.credentials('staff'));
    await page.getByLabel('Code of the authenticator app, or a recovery code').fill(recovery_code);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await says(page, 'All is well');
  });
});
