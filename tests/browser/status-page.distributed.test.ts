import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Looker, openBrowser } from './_browser.ts';
import { firstCellSays, openTradingShop, says, signInAt, type TradingShop } from './_shop.ts';

describe('the status page in the distributed world', () => {
  let browser: Looker | undefined;
  let shop: TradingShop;
  before(async () => {
    browser = await openBrowser();
    const env = { RECHECK_INTERVAL_MS: '100', STATUS_INTERVAL_MS: '1000' };
    if (browser) shop = await openTradingShop({ world: 'distributed', own_rabbit: 'plain', env });
  });
  after(async () => {
    await browser?.close();
    await shop?.souk.stop();
  });

  test('RabbitMQ is stopped: the shop sells on, orders wait, and all of it leaves when RabbitMQ is back', async () => {
    if (!browser) return;
    const { page, faults, barriers, picture } = await browser.open();
    await signInAt(page, shop.souk.gateway_url, shop.credentials('staff'));
    await says(page, 'All is well');
    await page
      .getByRole('article', { name: 'RabbitMQ' })
      .getByText(/^7 of 7 connections up$/)
      .waitFor();
    await page
      .getByRole('article', { name: 'Redis' })
      .getByText(/^7 of 7 connections up$/)
      .waitFor();
    const heal = await shop.souk.cutBroker();
    try {
      await says(page, 'RabbitMQ does not answer');
      await shop.order();
      await says(page, 'Something is wrong; the shop sells on');
      await says(page, /[1-9]\d* events? waits? in the outboxes/);
      await page
        .getByRole('listitem')
        .filter({ hasText: 'RabbitMQ does not answer' })
        .getByText(/^since \d\d:\d\d \(\d+ s\)$/)
        .waitFor();
      await firstCellSays(page, 'Orders by state', 'wait for stock', '1');
      await picture('status-broker-down');
      assert.deepEqual(await barriers(), []);
    } finally {
      await heal();
    }
    await says(page, 'All is well');
    await page
      .getByRole('region', { name: 'Table: Orders by state' })
      .getByRole('row')
      .filter({ hasText: 'confirmed' })
      .getByText('7', { exact: true })
      .waitFor();
    assert.deepEqual(faults, []);
  });
});
