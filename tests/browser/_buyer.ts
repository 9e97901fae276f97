/** Somebody who buys in a browser while parts of the shop are killed, and who keeps what each page said, and when. */
import { pause } from '@souk/kernel';
import { until } from '@souk/platform/testing';
import type { Page } from 'playwright-core';

/** What a page said, and between which moments its answer was made, in ms of the clock of this machine. */
export interface Look {
  from_ms: number;
  to_ms: number;
  path: string;
  /** Of an order, as its page says it. */
  status: string | undefined;
  /** "By this press nothing was ordered and nothing charged." */
  says_not_taken: boolean;
  can_pay: boolean;
  /** For who reads a failure. */
  words: string;
}

export interface Buyer {
  readonly name: string;
  readonly email: string;
  /** Of the gateway. */
  readonly url: string;
  readonly page: Page;
  readonly looks: Look[];
}

/** A redirect before the page is not counted. */
const readPage = `(() => {
  const [entry] = performance.getEntriesByType('navigation');
  return {
    from_ms: performance.timeOrigin + (entry?.fetchStart ?? 0),
    to_ms: performance.timeOrigin + (entry?.responseStart || performance.now()),
    path: location.pathname,
    status: document.querySelector('main .state')?.className.replace('state ', ''),
    says_not_taken: document.body.textContent.includes('by this press nothing was ordered and nothing charged'),
    can_pay: document.querySelector('button[value=pay]') !== null,
    words: [...document.querySelectorAll('main :is(h1, h2, p, li, legend, button, .state)')].map((part) => part.innerText).join('\\n').slice(0, 3000),
  };
})()`;
const patienceMs = 120_000;
/** Before the same is tried again. */
const againMs = 500;
const orderForm = /^\/orders\/[0-9a-f-]{36}$/;

/** From the page of a product to the cart. */
export async function fillsCart({ page, url }: Buyer, product_id: string): Promise<void> {
  page.setDefaultTimeout(patienceMs);
  await page.goto(`${url}/p/${product_id}`);
  await page.getByRole('button', { name: 'Add to cart' }).click();
  await page.getByRole('link', { name: 'Go to checkout' }).waitFor();
}

export async function fillsIn({ page, url, name, email }: Buyer): Promise<void> {
  if (new URL(page.url()).pathname !== '/checkout') await page.goto(`${url}/checkout`);
  await page.getByLabel('Full name').waitFor();
  if ((await page.getByLabel('E-mail').count()) > 0) await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Full name').fill(name);
  await page.getByLabel('Street and number').fill('1 Market Square');
  await page.getByLabel('Town').fill('Lisbon');
  await page.getByLabel('Postal code').fill('1100-148');
  await page.getByLabel('Country').selectOption('PT');
  await page.getByLabel('A card whose bank takes three seconds').check();
}

/** Orders and pays; resolves when the browser shows what came of it, be it that nothing did. */
export async function presses({ page }: Buyer): Promise<void> {
  const shown = Promise.race([page.waitForEvent('framenavigated'), page.waitForEvent('requestfailed')]);
  await page.locator('button[value=pay]').click();
  await shown;
  await page.waitForLoadState('domcontentloaded');
}

/** Does what the pages say until the order is confirmed, as a patient customer would; answers the address of its page. */
export async function insists(buyer: Buyer): Promise<string> {
  await until(async () => {
    const look = await looks(buyer);
    if (look?.status === 'confirmed') return undefined;
    await goesOn(buyer, look).catch(() => undefined);
    return `${buyer.name} sees: ${look?.words ?? buyer.page.url()}`;
  }, patienceMs);
  return new URL(buyer.page.url()).pathname;
}

/** Undefined where there is no page of the shop. */
async function looks({ page, looks: seen }: Buyer): Promise<Look | undefined> {
  const look = await page.evaluate<Look>(readPage).catch(() => undefined);
  if (look === undefined || !page.url().startsWith('http')) return undefined;
  if (seen.at(-1)?.from_ms !== look.from_ms) seen.push(look);
  return look;
}

async function goesOn(buyer: Buyer, look: Look | undefined): Promise<void> {
  const { page, url } = buyer;
  // The page of an order that waits renews itself.
  if (look?.status !== undefined) return;
  await pause(againMs);
  if (look?.can_pay === true) {
    // A form that was opened anew has what is known of who is signed in: of a guest whose order was not taken, the name alone.
    const filled = await Promise.all([page.getByLabel('Full name'), page.getByLabel('Town')].map((field) => field.inputValue()));
    if (filled[0] !== buyer.name || filled[1] === '') await fillsIn(buyer);
    return presses(buyer);
  }
  if (look !== undefined && orderForm.test(look.path)) return void (await page.reload());
  // The answer of an order was lost behind its cookies: it is among the own orders.
  if (look?.words.includes('There is nothing in your cart yet')) return void (await page.goto(`${url}/account/orders`));
  if (look?.path === '/account/orders') return page.locator('main a[href^="/orders/"]').first().click();
  await page.goto(`${url}/checkout`);
}
