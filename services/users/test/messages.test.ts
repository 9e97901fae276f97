import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { confirmPasswordReset, getMe, getMessageSecret, login, refreshLogin, verifyEmail } from '@souk/contracts';
import { type ManualClock, manualClock } from '@souk/kernel';
import { aCustomer, askForReset, eventsOf, keepEvents, lastSecret, openTown, password, type Town } from './_support.ts';

const newPassword = 'a completely new one';

describe('messages with a secret', () => {
  let town: Town;
  let clock: ManualClock;
  before(async () => {
    clock = manualClock(Date.now());
    town = await openTown({}, { clock });
    await keepEvents(town);
  });
  after(() => town.stop());

  const resets = async (user_id: string): Promise<number> =>
    (await eventsOf(town, 'user.message_requested', user_id)).filter((event) => event['purpose'] === 'password_reset').length;

  it('the link in the first message verifies the address, once', async () => {
    const { user, client } = await aCustomer(town);
    const token = await lastSecret(town, user.id, 'verify_email');
    await town.client.expect(204, verifyEmail, { body: { token } });
    const me = await client.must(getMe);
    assert.deepEqual([me.email_verified, me.version], [true, 2]);
    assert.equal((await town.client.refused(400, verifyEmail, { body: { token } })).code, 'secret_invalid');
  });

  it('a new password is set with the link, once, and ends every session', async () => {
    const { user, tokens } = await aCustomer(town);
    await askForReset(town, user.email.toUpperCase());
    const token = await lastSecret(town, user.id, 'password_reset');
    await town.client.refused(400, verifyEmail, { body: { token } });
    await town.client.expect(204, confirmPasswordReset, { body: { token, password: newPassword } });
    await town.client.refused(400, confirmPasswordReset, { body: { token, password: newPassword } });
    await town.client.refused(401, refreshLogin, { body: { refresh_token: tokens.refresh_token } });
    await town.client.refused(401, login, { body: { login: user.username, password } });
    await town.client.must(login, { body: { login: user.username, password: newPassword } });
  });

  it('of two who use one link at the same moment one sets the password', async () => {
    const { user } = await aCustomer(town);
    await askForReset(town, user.email);
    const token = await lastSecret(town, user.id, 'password_reset');
    const passwords = ['the password of one', 'the password of two'];
    const answers = await Promise.all(passwords.map((each) => town.client.call(confirmPasswordReset, { body: { token, password: each } })));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [204, 400]);
  });

  it('a link ends with its time, and a changed or invented secret is worth nothing', async () => {
    const { user } = await aCustomer(town);
    await askForReset(town, user.email);
    const token = await lastSecret(town, user.id, 'password_reset');
    const [token_id = ''] = token.split('.');
    for (const invented of [`${token_id}.${'A'.repeat(43)}`, `${randomUUID()}.${'A'.repeat(43)}`, 'x'.repeat(40), `${token}A`]) {
      await town.client.refused(400, confirmPasswordReset, { body: { token: invented, password: newPassword } });
    }
    clock.advance(town.context.config.password_reset_ms);
    await town.client.refused(400, confirmPasswordReset, { body: { token, password: newPassword } });
    const late = await town.client.with({ token: town.internal_token }).must(getMessageSecret, { params: { token_id } });
    assert.equal(late.secret, null);
  });

  it('asking for a link is answered alike for addresses nobody has, and nothing of them is kept', async () => {
    await askForReset(town, 'nobody@nowhere.example');
    const { user } = await aCustomer(town);
    for (let times = 0; times < 5; times += 1) await askForReset(town, user.email);
    assert.equal(await resets(user.id), town.context.config.message_tokens_max);
  });

  it('only services get the secret of a message, and nothing of it is stored', async () => {
    const { user, client } = await aCustomer(town);
    const [message] = await eventsOf(town, 'user.message_requested', user.id);
    const params = { token_id: String(message?.['token_id']) };
    await client.refused(403, getMessageSecret, { params });
    await town.client.refused(401, getMessageSecret, { params });
    const internal = town.client.with({ token: town.internal_token });
    await internal.refused(404, getMessageSecret, { params: { token_id: randomUUID() } });
    const secret = await lastSecret(town, user.id, 'verify_email');
    const rows = await town.context.db.query('select * from message_tokens');
    assert.ok(!JSON.stringify(rows).includes(secret.split('.')[1] ?? ''));
  });
});
