/** Pages and forms of sign-in and account, called as published. */
import assert from 'node:assert/strict';
import { Secret, TOTP } from 'otpauth';
import type { PublishedApi } from './_published-api.ts';

const pages = ['showAccount', 'showAccountOrders', 'showAccountMessages', 'showProfile', 'showSecurity', 'showSecondFactor', 'showErase'];
const forms = ['submitProfile', 'submitPassword', 'submitEndSessions', 'submitSecondFactor', 'submitErase'];
const password = 'a long enough passphrase 7';

export async function accountPagesAreAnswered(api: PublishedApi): Promise<void> {
  const headers: Record<string, string> = { accept: 'text/html', 'sec-fetch-site': 'same-origin' };
  const send = (name: string, members: Record<string, string>, status: number) =>
    api.call(name, { headers, body: () => new URLSearchParams(members).toString(), status });
  for (const name of ['showSignIn', 'showRegister', 'showPasswordReset', 'showVerifyEmail'])
    await api.call(name, { headers, query: { to: 'https://evil.example', token: 'x' } });
  for (const name of pages) {
    const answer = await api.call(name, { headers, status: 303 });
    assert.match(answer.headers.get('location') ?? '', /^\/sign-in\?to=%2Faccount/);
  }
  for (const name of forms) await send(name, {}, 303);
  await send('submitSignIn', {}, 422);
  await send('submitSignIn', { login: 'carla', password: 'wrong' }, 422);
  await api.call('submitSignIn', { headers: { 'sec-fetch-site': 'cross-site' }, status: 403 });
  await send('submitPasswordReset', { email: 'nora.page@mail.example' }, 303);
  await send('submitPasswordReset', { token: 'x'.repeat(40), password }, 422);
  await send('submitVerifyEmail', { token: 'x'.repeat(40) }, 422);

  const person = { full_name: 'Nora Page', email: 'nora.page@mail.example', username: 'nora-page', phone: '' };
  await send('submitRegister', { ...person, username: 'x', password: 'short' }, 422);
  const registered = await send('submitRegister', { ...person, password, to: '//evil.example' }, 303);
  assert.equal(registered.headers.get('location'), '/account');
  const cookiesOf = (answer: Awaited<ReturnType<typeof send>>): string =>
    answer.headers
      .getSetCookie()
      .map((one) => one.split(';', 1)[0])
      .join('; ');
  headers['cookie'] = cookiesOf(registered);
  for (const name of pages) await api.call(name, { headers });
  await api.call('showSignIn', { headers, query: { to: '/account/orders' }, status: 303 });
  await send('submitProfile', { ...person, full_name: '' }, 422);
  await send('submitProfile', { ...person, full_name: 'Nora Newname' }, 303);
  await send('submitProfile', { ...person, email: 'other@mail.example' }, 422);
  await send('submitPassword', { current_password: 'wrong password', password: 'another passphrase 8' }, 422);
  await send('submitPassword', { current_password: password, password: 'another passphrase 8' }, 303);
  await send('submitSignIn', { login: person.username, password: 'another passphrase 8', to: '/search' }, 303);
  await send('submitEndSessions', {}, 303);
  const current_password = 'another passphrase 8';
  await send('submitSecondFactor', { step: 'begin', current_password: '' }, 422);
  const begun = String((await send('submitSecondFactor', { step: 'begin', current_password }, 200)).body);
  const hidden = (name: string): string => new RegExp(`name="${name}" value="([^"]*)"`).exec(begun)?.[1]?.replaceAll('&amp;', '&') ?? '';
  const enrolled = { step: 'confirm', secret: hidden('secret'), uri: hidden('uri') };
  await send('submitSecondFactor', { ...enrolled, code: '000 000' }, 422);
  const code = new TOTP({ secret: Secret.fromBase32(enrolled.secret) }).generate();
  assert.match(String((await send('submitSecondFactor', { ...enrolled, code }, 200)).body), /role="status">The second factor is set up/);
  await send('submitSecondFactor', { ...enrolled, code }, 303);
  const removed = await send('submitSecondFactor', { step: 'remove', current_password }, 303);
  assert.equal(removed.headers.get('location'), '/account/second-factor?done=removed');
  await send('submitErase', { confirm: 'ERASE', current_password: '' }, 422);
  await send('submitErase', { confirm: 'erase', current_password: 'another passphrase 8' }, 303);
  await send('submitSignOut', {}, 303);
}
