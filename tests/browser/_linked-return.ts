/** A guest who has only the mailed link sends goods back: in each language, with scripts and without, and a form is one return. */
import assert from 'node:assert/strict';
import { type Client, createTestClient } from '@souk/client/testing';
import {
  approveReturn,
  getNotificationHistory,
  listReturns,
  login,
  lookUpOrder,
  openGuest,
  placeOrder,
  rejectReturn,
  shipOrder,
} from '@souk/contracts';
import { required } from '@souk/kernel';
import { until } from '@souk/platform/testing';
import type { Looker, Visited } from './_browser.ts';
import type { Goods } from './_buying.ts';
import type { TradingShop } from './_shop.ts';

const shipping_address = { full_name: 'Gero Gast', street: '1 Market Square', city: 'Lisbon', postal_code: '1100-148', country: 'PT' };

interface SentOrder {
  order_id: string;
  /** The mailed link, as its mail has it. */
  link: string;
}

/** A sent order of three lamps, and the link to it that its customer was mailed. */
async function sentToGuest(anonymous: Client, staff: Client, lamp: string): Promise<SentOrder> {
  const email = 'gero-returns@mail.example';
  const guest = anonymous.with({
    token: (await anonymous.expect(201, openGuest, { body: { email, full_name: 'Gero Gast' } })).body.access_token,
  });
  const items = [{ product_id: lamp, quantity: 3 }];
  const placed = await guest.expect(201, placeOrder, { body: { items, shipping_address, payment_method: 'tok_visa' }, wait_s: 20 });
  const { id: order_id, order_number } = placed.body;
  await staff.expect(200, shipOrder, { params: { order_id }, body: { carrier: 'Post', tracking_number: 'RR1' } });
  await anonymous.expect(202, lookUpOrder, { body: { order_number, email } });
  let link: string | undefined;
  await until(async () => {
    const { body } = await guest.call(getNotificationHistory, { query: { order_id } });
    const mail = body?.notifications.find(({ event_type, status }) => event_type === 'order.link_requested' && status === 'sent');
    link = /^v1\.\S+$/m.exec(mail?.body ?? '')?.[0];
    return link === undefined ? 'no mail yet' : undefined;
  });
  return { order_id, link: required(link, 'the link') };
}

const looks = [
  {
    ...{ locale: 'en-GB', script: true, width: 1280 },
    ...{ begin: 'Send something back', send: 'Ask to send it back', nothing: 'Please choose at least one piece.' },
    ...{ announced: 'The return is announced. The shop answers by mail.', state: 'Asked for; the shop answers soon' },
  },
  {
    ...{ locale: 'de-DE', script: true, width: 390 },
    ...{ begin: 'Etwas zurücksenden', send: 'Rücksendung anfragen', nothing: 'Bitte wählen Sie mindestens ein Stück.' },
    ...{ announced: 'Die Rücksendung ist angefragt. Der Laden antwortet per E-Mail.', state: 'Angefragt; der Laden antwortet bald' },
  },
  {
    ...{ locale: 'fr-FR', script: false, width: 320 },
    ...{ begin: 'Renvoyer quelque chose', send: 'Demander le retour', nothing: 'Veuillez choisir au moins une pièce.' },
    ...{ announced: 'Le retour est demandé. La boutique répond par e-mail.', state: 'Demandé ; la boutique répond bientôt' },
  },
];

/** From the link in the mail to the announced return. */
async function sendsBack(browser: Looker, url: string, { order_id, link }: SentOrder, look: (typeof looks)[number]): Promise<void> {
  const { begin, send, nothing, announced, state, ...window } = look;
  const { page, faults, barriers }: Visited = await browser.open({ ...window, height: 844 });
  // axe is a script: where none run, the pages are the same.
  const looksRight = async (where: string): Promise<void> => {
    if (look.script) assert.deepEqual(await barriers(), [], `${look.locale} ${where}`);
    assert.deepEqual(faults.splice(0), [], `${look.locale} ${where}`);
  };
  await page.goto(`${url}/order-link?token=${encodeURIComponent(link)}#returns`);
  assert.equal(page.url(), `${url}/orders/${order_id}#returns`, 'the browser is at the returns of the order');
  await page.getByText('S-').first().waitFor();
  await looksRight('the order');
  await page.getByRole('link', { name: begin }).click();
  await page.getByRole('button', { name: send }).waitFor();
  await looksRight('the form');
  await page.getByRole('button', { name: send }).click();
  await page.getByRole('alert').getByText(nothing).waitFor();
  // That it is refused is what was asked for.
  faults.splice(0);
  await looksRight('the form that was refused');
  await page.getByRole('spinbutton').fill('1');
  await page.getByRole('button', { name: send }).click();
  await page.getByRole('status').getByText(announced).waitFor();
  await page.getByText(state).first().waitFor();
  await looksRight('the order with a return');
  await page.close();
}

/** The link opens its own order and no other; each form is announced once; staff see it, and the guest what they decide. */
export async function guestSendsBack(
  browser: Looker,
  { souk: { gateway_url: url }, credentials }: TradingShop,
  { lamp }: Goods,
): Promise<void> {
  const anonymous = createTestClient({ base_url: url });
  const staff = anonymous.with({ token: (await anonymous.expect(200, login, { body: credentials('staff') })).body.access_token });
  const sent = await sentToGuest(anonymous, staff, lamp);
  const path = `/orders/${sent.order_id}/return`;
  const formOf = (cookie: string) => fetch(`${url}${path}`, { headers: { accept: 'text/html', cookie } });
  const send = (fields: Record<string, string>, cookie: string) =>
    fetch(`${url}${path}`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'sec-fetch-site': 'same-origin', accept: 'text/html', cookie },
      body: new URLSearchParams(fields),
    });
  for (const cookie of ['', `souk_order_link=${sent.link.slice(0, -3)}AAA`]) {
    assert.equal((await formOf(cookie)).status, 404, 'no link, or a forged one');
    assert.equal((await send({ 'product-1': lamp, 'quantity-1': '1' }, cookie)).status, 404);
  }
  for (const look of looks) await sendsBack(browser, url, sent, look);
  const opened = await fetch(`${url}/order-link?token=${encodeURIComponent(sent.link)}`, { redirect: 'manual' });
  const cookie = opened.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const made = (await staff.expect(200, listReturns, { query: { order_id: sent.order_id } })).body;
  assert.deepEqual(
    made.map(({ state, items }) => [state, items.map(({ quantity }) => quantity)]),
    Array(3).fill(['requested', [1]]),
  );
  assert.equal(
    (await send({ key: 'AAECAwQFBgcICQoLDA0ODw', 'product-1': lamp, 'quantity-1': '1' }, cookie)).status,
    409,
    'nothing is left',
  );

  const [first, ...others] = made;
  const reject = required(others[0], 'a return').id;
  await staff.expect(200, approveReturn, { params: { return_id: required(first, 'a return').id }, body: {} });
  await staff.expect(200, rejectReturn, { params: { return_id: reject }, body: {} });
  const page = await (await fetch(`${url}/orders/${sent.order_id}`, { headers: { accept: 'text/html', cookie } })).text();
  for (const words of ['Agreed; please send it back', 'Not agreed']) assert.ok(page.includes(words), words);
  const again = { key: 'AAECAwQFBgcICQoLDA0ODw', 'product-1': lamp, 'quantity-1': '1' };
  const answers = await Promise.all([1, 2, 3].map(() => send(again, cookie)));
  assert.deepEqual(
    answers.map(({ status }) => status),
    [303, 303, 303],
  );
  assert.equal((await staff.expect(200, listReturns, { query: { order_id: sent.order_id } })).body.length, 4, 'one form is one return');
}
