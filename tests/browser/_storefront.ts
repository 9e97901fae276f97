/** The shop as a customer sees it: without a script, by keyboard, on a telephone, and with what a careless or hostile catalogue brings. */
import assert from 'node:assert/strict';
import { createTestClient } from '@souk/client/testing';
import { type BodyOf, createProduct, getStock, login } from '@souk/contracts';
import { until } from '@souk/platform/testing';
import type { Looker } from './_browser.ts';
import type { TradingShop } from './_shop.ts';

const group_id = 'a40857d2-c6dc-8eb1-a104-2410259ad272';
const hostile = `"><script>alert(1)</script><img src=x onerror=alert(1)>`;

export interface Shelves {
  category: string;
  /** Blue, small. */
  bowl: string;
  hostile: string;
}

/** Fills the catalogue: variants of one thing, a thing without anything, and one that would break a careless page. */
export async function fillShelves({ souk, credentials }: TradingShop): Promise<Shelves> {
  const anonymous = createTestClient({ base_url: souk.gateway_url });
  const staff = anonymous.with({ token: (await anonymous.expect(200, login, { body: credentials('staff') })).body.access_token });
  const add = async (body: BodyOf<typeof createProduct>): Promise<string> => {
    const { id } = (await staff.expect(201, createProduct, { body })).body;
    await until(async () =>
      (await anonymous.call(getStock, { params: { product_id: id } })).status === 200 ? undefined : 'no stock record',
    );
    return id;
  };
  const category = 'Coffee & Tea';
  const variant = (colour: string, size: string, stock_quantity: number) =>
    add({
      name: `Stoneware Bowl – ${colour} / ${size}`,
      description: 'Thrown by hand.\nNo two are alike.',
      category,
      price: 24.5,
      currency: 'EUR',
      group_id,
      options: { ['Colour']: colour, ['Size']: size },
      attributes: { material: 'stoneware' },
      image_url: `/api/products/pictures/bowl-${colour.toLowerCase()}.svg`,
      stock_quantity,
    });
  const bowl = await variant('Blue', 'S', 3);
  await variant('Blue', 'L', 0);
  await variant('Green', 'S', 40);
  const shelves = {
    category,
    bowl,
    hostile: await add({
      name: `${hostile} ${'Donaudampfschifffahrtsgesellschaft'.repeat(6)}`,
      description: `${hostile}\u202e ${'x'.repeat(200)}\n`.repeat(40),
      category: `${hostile}/..`.slice(0, 120),
      price: 0,
      currency: 'EUR',
      attributes: { [hostile]: 'y'.repeat(300) },
      image_url: 'http://pictures.invalid/x.png',
      stock_quantity: 0,
    }),
  };
  await add({ name: 'إبريق نحاسي', category, price: 9_999_999.99, currency: 'EUR' });
  return shelves;
}

/** Every page opens without a fault (a violation of its policy is one), has no barriers and fits, wide and narrow, light and dark. */
export async function storePagesOpen(
  browser: Looker,
  { souk }: TradingShop,
  { category, bowl, hostile: hostile_id }: Shelves,
): Promise<void> {
  const pages = [
    '/',
    `/c/${encodeURIComponent(category)}?in_stock=true`,
    '/search?q=bowl',
    '/search?q=zzzzzz',
    '/search',
    `/p/${bowl}`,
    `/p/${hostile_id}`,
    '/proof',
  ];
  for (const look of [
    { name: 'wide' },
    { name: 'phone', scheme: 'dark', width: 390, height: 844 },
    { name: 'small', width: 320, height: 640 },
  ] as const) {
    const { page, faults, barriers, picture } = await browser.open(look);
    page.on('dialog', (dialog) => faults.push(`a script of the catalogue ran: ${dialog.message()}`));
    for (const [index, path] of pages.entries()) {
      await page.goto(`${souk.gateway_url}${path}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      // The smallest screen shows what a telephone shows.
      if (look.name !== 'small') assert.deepEqual(await barriers(), [], `${look.name} ${path}`);
      const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
      assert.equal(overflow, 0, `${look.name} ${path} is wider than the page`);
      await picture(`store-${look.name}-${index + 1}`);
    }
    // The pictures of the bowls are not drawn: their catalogue is not the sample one.
    assert.deepEqual(
      faults.filter((fault) => !/pictures\/bowl|status of 404/.test(fault)),
      [],
    );
    for (const [path, title] of [
      ['/p/nothing', 'This page does not exist'],
      ['/nowhere', 'Not found'],
    ] as const) {
      await page.goto(`${souk.gateway_url}${path}`);
      await page.getByRole('heading', { level: 1, name: title }).waitFor();
      if (look.name === 'wide') assert.deepEqual(await barriers(), [], path);
    }
    await page.close();
  }
}

/** From the start page to a variant, through a search and through filters, with scripts switched off. */
export async function storeWorksWithoutScript(browser: Looker, { souk }: TradingShop, { category }: Shelves): Promise<void> {
  const { page } = await browser.open({ script: false });
  await page.goto(`${souk.gateway_url}/`);
  await page.getByRole('navigation', { name: 'Categories' }).getByRole('link', { name: category }).click();
  await page.getByRole('heading', { level: 1, name: category }).waitFor();
  await page.getByRole('link', { name: 'Stoneware Bowl', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Stoneware Bowl', exact: true }).waitFor();
  await page.getByText('Only 3 left').waitFor();
  await page.getByRole('link', { name: 'L, sold out' }).click();
  await page.getByText('Sold out', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'Green', exact: true }).click();
  await page.getByText('In stock', { exact: true }).waitFor();
  await page.goBack();
  await page.getByText('Sold out', { exact: true }).waitFor();
  await page.getByRole('searchbox', { name: 'Search for' }).fill('stonware');
  await page.keyboard.press('Enter');
  await page.getByText('Nothing is called “stonware”. These come closest.').waitFor();
  await page.getByText('Filter and sort').click();
  await page.getByLabel('Price from').fill('30');
  await page.getByRole('button', { name: 'Show results' }).click();
  await page.getByText('Nothing here fits all of these filters.').waitFor();
  await page.getByRole('link', { name: 'Remove the filter from €30.00' }).click();
  await page.getByRole('link', { name: 'Stoneware Bowl', exact: true }).waitFor();
  await page.close();
}

/** The keyboard reaches the content at once, sees where it is, and goes on from there. */
export async function storeWorksByKeyboard(browser: Looker, { souk }: TradingShop): Promise<void> {
  const { page } = await browser.open({ width: 390, height: 844 });
  await page.goto(`${souk.gateway_url}/`);
  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: 'Skip to the content' });
  assert.equal(await skip.evaluate((link) => link === link.ownerDocument.activeElement), true);
  const { width = 0, height = 0 } = (await skip.boundingBox()) ?? {};
  assert.ok(width > 100 && height >= 24, `the link is seen: ${width} by ${height}`);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  const focused = await page.evaluate<{ inside: boolean; outline: string }>(
    "({ inside: document.querySelector('main').contains(document.activeElement), outline: getComputedStyle(document.activeElement).outlineWidth })",
  );
  assert.deepEqual(focused, { inside: true, outline: '3px' });
  const small = await page.evaluate<string[]>(
    "[...document.querySelectorAll('a, button, input, select, summary')].filter((one) => { const { width, height } = one.getBoundingClientRect(); return !one.matches('.skip, .card a') && (width < 24 || height < 24) }).map((one) => one.outerHTML.slice(0, 120))",
  );
  assert.deepEqual(small, [], 'everything to press is at least 24 by 24');
  await page.close();
}
