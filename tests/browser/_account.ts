/** Signing in and the own account, as a customer sees them: the way back, other sessions, two tabs, and what is left after signing out. */
import assert from 'node:assert/strict';
import type { BrowserContext, Page } from 'playwright-core';
import type { Looker, Visited } from './_browser.ts';
import type { TradingShop } from './_shop.ts';

const password = 'a long enough passphrase 7';
const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true }).waitFor();

async function signIn(page: Page, { login, password: secret }: { login: string; password: string }): Promise<void> {
  await page.getByLabel('User name or e-mail address').fill(login);
  await page.getByLabel('Password', { exact: true }).fill(secret);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** From a page that needs a person to an account of one's own, back to that page, and through all of the account. */
async function register({ page, barriers }: Visited, url: string, username: string): Promise<void> {
  await page.goto(`${url}/account/orders`);
  await heading(page, 'Sign in');
  assert.deepEqual(await barriers(), []);
  await signIn(page, { login: username, password: 'not this one' });
  await page.getByRole('alert').getByText('User name or password is not right.').waitFor();
  assert.deepEqual(await barriers(), []);
  await page.getByRole('link', { name: 'Open an account' }).click();
  await page.getByLabel('Full name').fill('Nora Novak');
  await page.getByLabel('E-mail address').fill(`${username}@mail.example`);
  await page.getByLabel('User name').fill(username);
  await page.getByLabel('Password').fill('passwordpassword');
  await page.getByRole('button', { name: 'Open an account' }).click();
  await page.getByRole('alert').getByRole('link', { name: 'Password' }).waitFor();
  assert.deepEqual(await barriers(), []);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Open an account' }).click();
  await heading(page, 'Your orders');
  assert.equal(new URL(page.url()).pathname, '/account/orders', 'where one was');
  await page.getByText('You have not ordered anything yet.').waitFor();
  for (const name of ['Messages', 'Your data', 'Password and sessions', 'Erase the account']) {
    await page.getByRole('navigation', { name: 'Your account' }).getByRole('link', { name }).click();
    await heading(page, name);
    assert.deepEqual(await barriers(), [], name);
  }
  await page.getByRole('link', { name: 'Signed in as Nora Novak' }).click();
  await heading(page, 'Your account');
}

/** Another browser of the same person is signed out from here, at once for the pages of the account. */
async function endElsewhere(browser: Looker, page: Page, url: string, login: string): Promise<void> {
  const other = await browser.open({ script: false });
  await other.page.goto(`${url}/sign-in?to=https://evil.example/`);
  await signIn(other.page, { login, password });
  await heading(other.page, 'Your account');
  assert.ok(other.page.url().startsWith(url));
  await page.goto(`${url}/account/security`);
  await page.getByText('Another browser or app').waitFor();
  await page.getByRole('button', { name: 'End all other sessions' }).click();
  await page.getByRole('status').getByText('All other sessions have ended.').waitFor();
  await other.page.goto(`${url}/search`);
  await other.page.getByRole('link', { name: 'Sign in' }).waitFor();
  await other.page.goto(`${url}/account`);
  await heading(other.page, 'Sign in');
  await other.page.close();
}

const cookieNames = async (context: BrowserContext): Promise<string[]> => (await context.cookies()).map(({ name }) => name).sort();

/** Both tabs find the access token gone at the same moment, again and again: the session goes on. */
async function renewInTwoTabs(page: Page, url: string): Promise<void> {
  const context = page.context();
  const tab = await context.newPage();
  for (let round = 0; round < 3; round += 1) {
    await context.clearCookies({ name: 'souk_access' });
    await Promise.all([page.goto(`${url}/account/profile`), tab.goto(`${url}/account/orders`)]);
    await Promise.all([heading(page, 'Your data'), heading(tab, 'Your orders')]);
    assert.deepEqual(await cookieNames(context), ['souk_access', 'souk_refresh']);
  }
  await tab.close();
}

/** A page on another port of the same host, which gets the cookies sent along, changes nothing. */
async function sendFromElsewhere(page: Page, url: string, elsewhere: string): Promise<void> {
  const tab = await page.context().newPage();
  await tab.goto(elsewhere);
  await tab.evaluate(`{
    const form = document.createElement('form');
    form.method = 'post';
    form.action = ${JSON.stringify(`${url}/sign-out`)};
    document.body.append(form);
    form.submit();
  }`);
  await heading(tab, 'Not sent by a page of this shop');
  await tab.close();
  await page.goto(`${url}/account`);
  await heading(page, 'Your account');
}

/** No token is anywhere where a script could read it. */
async function tokensAreHidden(page: Page): Promise<void> {
  const read = '[document.cookie, JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.documentElement.outerHTML].join()';
  const readable = await page.evaluate<string>(read);
  for (const { name, value, httpOnly, sameSite } of await page.context().cookies()) {
    assert.deepEqual([httpOnly, sameSite], [true, 'Lax'], name);
    assert.ok(!readable.includes(value), name);
  }
}

/** What was shown is not shown again by going back. */
async function signOut(page: Page, url: string, shown: string): Promise<void> {
  await page.goto(`${url}/account`);
  await page.getByText(shown).waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('link', { name: 'Sign in' }).waitFor();
  assert.deepEqual(await cookieNames(page.context()), []);
  await page.goBack();
  await heading(page, 'Sign in');
  assert.equal(await page.getByText(shown).count(), 0);
}

export async function accountIsKept(browser: Looker, { souk, credentials }: TradingShop, elsewhere: string): Promise<void> {
  const url = souk.gateway_url;
  for (const script of [true, false]) {
    const visited = await browser.open({ script, width: script ? 1280 : 390 });
    const { page } = visited;
    // Where scripts are off axe cannot run either; the pages are the same.
    if (!script) visited.barriers = async () => [];
    const username = `nora-${script ? 'script' : 'plain'}`;
    await register(visited, url, username);
    if (script) {
      await endElsewhere(browser, page, url, username);
      await renewInTwoTabs(page, url);
      await tokensAreHidden(page);
      await sendFromElsewhere(page, url, elsewhere);
    }
    await signOut(page, url, `${username}@mail.example`);
    await page.close();
  }
  const { page, barriers, faults } = await browser.open();
  await page.goto(`${url}/account/orders`);
  await signIn(page, credentials('customer'));
  await page
    .getByRole('row')
    .filter({ hasText: /paid.*€/ })
    .first()
    .waitFor();
  assert.deepEqual(await barriers(), []);
  await page.goto(`${url}/account/messages`);
  await heading(page, 'Messages');
  assert.deepEqual(await barriers(), []);
  assert.deepEqual(faults, []);
  await page.close();
}
