import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import {
  changeUser,
  claimAccount,
  deleteUser,
  getMe,
  linkGuests,
  login,
  openGuest,
  refreshLogin,
  registerUser,
  setRole,
  type TokenPair,
  type User,
  verifyEmail,
} from '@souk/contracts';
import { manualClock } from '@souk/kernel';
import { proofOf } from '@souk/service-kit/testing';
import { decodeJwt } from 'jose';
import { eraseIdleGuests } from '../src/use-cases/erase-idle-guests.ts';
import { republishLinks, republishUsers } from '../src/use-cases/republish-users.ts';
import {
  aCustomer,
  anOfficial,
  aRegistration,
  askForReset,
  eventsOf,
  keepEvents,
  lastSecret,
  openTown,
  password,
  type Town,
} from './_support.ts';

type Event = Partial<Record<'user_id' | 'guest_user_id' | 'registration_source', string>>;

const dayMs = 86_400_000;

describe('guests', () => {
  let town: Town;
  before(async () => {
    town = await openTown({ message_tokens_max: 10, recipient_messages_max: 100, account_messages_max: 100 });
    await keepEvents(town);
  });
  after(() => town.stop());

  const anEmail = () => `g-${randomUUID().slice(0, 13)}@mail.example`;
  const aGuest = async (email = anEmail()) => {
    const tokens = await town.client.must(openGuest, { body: { email, full_name: 'Gero Gast' } });
    const client = town.client.with({ token: tokens.access_token });
    return { email, tokens, client, user: await client.must(getMe) };
  };
  const claimOf = (token?: string) => ({ username: `c-${randomUUID().slice(0, 13)}`, password, ...(token !== undefined && { token }) });
  const aVerified = async (email: string) => {
    const person = await aCustomer(town, { email });
    await town.client.must(verifyEmail, { body: { token: await lastSecret(town, person.user.id, 'verify_email') } });
    return person;
  };

  test('are one for each idempotency key, at the same moment too, and only with its address', async () => {
    const [email, key] = [anEmail(), randomBytes(16).toString('base64url')];
    const ask = (body: { email: string; full_name: string }, idempotency_key = key) =>
      town.client.call(openGuest, { body, idempotency_key });
    const answers = await Promise.all(Array.from({ length: 4 }, () => ask({ email, full_name: 'Gero Gast' })));
    const again = await ask({ email: email.toUpperCase(), full_name: 'Gero' });
    const known = await Promise.all(
      [...answers, again].map(async ({ status, body }) => {
        assert.equal(status, 201);
        return (await town.client.with({ token: (body as TokenPair).access_token }).must(getMe)).id;
      }),
    );
    assert.equal(new Set(known).size, 1, 'one guest');
    assert.equal(again.headers['idempotency-replayed'], 'true');
    assert.equal((await eventsOf(town, 'user.registered', String(known[0]))).length, 1);
    const refusedCode = async (asked: ReturnType<typeof ask>) => (await asked).code;
    assert.equal(await refusedCode(ask({ email: anEmail(), full_name: 'Gero Gast' })), 'idempotency_key_reused');
    assert.equal(await refusedCode(ask({ email, full_name: 'Gero Gast' }, 'short')), 'idempotency_key_invalid');
  });

  test('are new each time, whoever has the address, get no mail, and cannot be signed in to', async () => {
    const { user: known } = await aCustomer(town);
    const [first, second, third] = [await aGuest(known.email), await aGuest(known.email.toUpperCase()), await aGuest()];
    assert.equal(new Set([known.id, first.user.id, second.user.id, third.user.id]).size, 4);
    const membersOf = ({ tokens }: { tokens: TokenPair }) => Object.keys(tokens).sort();
    assert.deepEqual(membersOf(first), membersOf(third), 'an address that is known is answered like one that is not');
    assert.deepEqual([first.user.kind, first.user.role, first.user.email_verified], ['guest', 'customer', false]);
    const [registered] = await eventsOf(town, 'user.registered', first.user.id);
    assert.equal(registered?.['registration_source'], 'guest');
    assert.deepEqual(await eventsOf(town, 'user.message_requested', first.user.id), []);
    await town.client.refused(401, login, { body: { login: first.user.username, password: '!' } });
    await askForReset(town, third.email);
    assert.deepEqual(await eventsOf(town, 'user.message_requested', third.user.id), [], 'no new password either');
    await town.client.must(registerUser, { body: aRegistration({ email: third.email }) });
    assert.ok((await town.client.must(refreshLogin, { body: { refresh_token: first.tokens.refresh_token } })).access_token);
  });

  test('and people with one address have one customer key, others another; keys of programs have none', async () => {
    const { user, tokens } = await aCustomer(town);
    const keyOf = ({ access_token }: TokenPair) => decodeJwt(access_token)['customer_key'];
    const [same, other] = [await aGuest(user.email.toUpperCase()), await aGuest()];
    assert.match(String(keyOf(tokens)), /^[\w-]{43}$/);
    assert.equal(keyOf(same.tokens), keyOf(tokens));
    assert.notEqual(keyOf(other.tokens), keyOf(tokens));
    const renewed = await town.client.must(refreshLogin, { body: { refresh_token: tokens.refresh_token } });
    assert.equal(keyOf(renewed), keyOf(tokens));
  });

  test('claim their account with the session and the mailed link together, and keep their id', async () => {
    const { client, user, email } = await aGuest();
    assert.deepEqual(await client.must(claimAccount, { body: claimOf() }), { status: 'link_requested' });
    const secret = await lastSecret(town, user.id, 'verify_email');
    assert.equal(
      (await town.client.refused(400, verifyEmail, { body: { token: secret } })).code,
      'secret_invalid',
      'the link alone is not enough',
    );
    const stranger = await aGuest(email);
    assert.equal(
      (await stranger.client.refused(400, claimAccount, { body: claimOf(secret) })).code,
      'secret_invalid',
      'nor in another session',
    );
    assert.equal(
      (await client.refused(400, claimAccount, { body: { ...claimOf(secret), password: 'password123' } })).code,
      'password_weak',
    );
    const { username } = claimOf();
    const claimed = (await client.must(claimAccount, { body: { username, password, token: secret } })) as User;
    assert.deepEqual([claimed.id, claimed.kind, claimed.email_verified, claimed.username], [user.id, 'registered', true, username]);
    assert.ok(await town.client.must(login, { body: { login: email, password } }));
    assert.equal((await client.refused(409, claimAccount, { body: claimOf(secret) })).code, 'account_claimed');
    const [updated] = await eventsOf(town, 'user.updated', user.id);
    assert.equal(updated?.['email_verified'], true);
  });

  test('learn that an address is taken only with the link, and of several that claim it at once one gets it', async () => {
    const { user } = await aCustomer(town);
    const late = await aGuest(user.email);
    assert.deepEqual(await late.client.must(claimAccount, { body: claimOf() }), { status: 'link_requested' });
    const secret = await lastSecret(town, late.user.id, 'verify_email');
    assert.equal((await late.client.refused(409, claimAccount, { body: claimOf(secret) })).code, 'email_taken');

    const email = anEmail();
    const rivals = await Promise.all(Array.from({ length: 4 }, () => aGuest(email)));
    const claims = await Promise.all(
      rivals.map(async ({ client, user: { id } }) => {
        await client.must(claimAccount, { body: claimOf() });
        const token = await lastSecret(town, id, 'verify_email');
        return () => client.call(claimAccount, { body: claimOf(token) });
      }),
    );
    const answers = await Promise.all(claims.map((claim) => claim()));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409, 409, 409]);
  });

  test('are linked by the one whose address is confirmed, once each, however many ask at once', async () => {
    const email = anEmail();
    const guests = await Promise.all(Array.from({ length: 3 }, () => aGuest(email)));
    const ids = guests.map(({ user }) => user.id).sort();
    const unconfirmed = await aCustomer(town, { email });
    assert.equal((await unconfirmed.client.refused(409, linkGuests)).code, 'email_unverified');
    assert.equal((await guests[0]?.client.refused(409, linkGuests))?.code, 'account_is_guest');
    await town.client.must(verifyEmail, { body: { token: await lastSecret(town, unconfirmed.user.id, 'verify_email') } });
    const answers = await Promise.all(Array.from({ length: 5 }, () => unconfirmed.client.must(linkGuests)));
    for (const { guest_user_ids } of answers) assert.deepEqual(guest_user_ids, ids);
    const events = await eventsOf(town, 'user.guest_linked', unconfirmed.user.id);
    assert.deepEqual(events.map((event) => event['guest_user_id']).sort(), ids);
    assert.equal(
      (await guests[0]?.client.refused(409, claimAccount, { body: claimOf() }))?.code,
      'account_claimed',
      'a linked guest is taken',
    );
    const other = await aVerified(anEmail());
    assert.deepEqual((await other.client.must(linkGuests)).guest_user_ids, []);
    const since = '2020-01-01T00:00:00Z';
    const page = await town.context.db.transaction((tx) => republishLinks(town.context, tx, { since, after: undefined, limit: 500 }));
    assert.ok(
      ids.every((id) => page.drafts.some(({ payload }) => (payload as Event).guest_user_id === id)),
      'a restore links them again',
    );
    const people = await town.context.db.transaction((tx) => republishUsers(town.context, tx, { since, after: undefined, limit: 500 }));
    const again = people.drafts.filter(
      ({ payload }) => (payload as Event).user_id === ids[0] && (payload as Event).registration_source !== undefined,
    );
    assert.deepEqual(
      again.map(({ payload }) => (payload as Event).registration_source),
      ['guest'],
      'and welcomes no guest',
    );
  });

  test('are linked up to 50', async () => {
    const email = anEmail();
    for (let count = 0; count < 51; count += 1) await town.client.must(openGuest, { body: { email, full_name: 'Gero Gast' } });
    const { client } = await aVerified(email);
    assert.equal((await client.must(linkGuests)).guest_user_ids.length, 50);
    assert.equal((await client.refused(409, linkGuests)).code, 'too_many_guests');
  });

  test('change their name, but have no name, password or role of an account, and erase themselves by their session', async () => {
    const { client, user } = await aGuest();
    const params = { user_id: user.id };
    assert.equal((await client.must(changeUser, { params, body: { full_name: 'Greta Gast' } })).full_name, 'Greta Gast');
    for (const body of [{ password }, { username: 'some.name' }, { email: anEmail() }])
      assert.equal((await client.refused(409, changeUser, { params, body })).code, 'account_is_guest');
    const admin = await anOfficial(town, 'admin');
    assert.equal((await admin.client.refused(409, setRole, { params, body: { role: 'staff' } })).code, 'account_is_guest');
    await client.must(deleteUser, { params, body: {} });
    assert.equal((await eventsOf(town, 'user.deleted', user.id)).length, 1);
    await client.refused(401, getMe);
  });

  test('are erased with the person who has linked them', async () => {
    const email = anEmail();
    const guest = await aGuest(email);
    const person = await aVerified(email);
    await person.client.must(linkGuests);
    await person.client.must(deleteUser, { params: { user_id: person.user.id }, body: { current_password: password } });
    assert.equal((await eventsOf(town, 'user.deleted', guest.user.id)).length, 1);
    const rows = await town.context.db.query<{ email: string; guest_key: string | null }>(
      'select email, guest_key from accounts where id = $1',
      [guest.user.id],
    );
    assert.deepEqual(rows, [{ email: `${guest.user.id}@erased.invalid`, guest_key: null }]);
  });
});

test('guests without an order are erased after 30 days and the end of their sessions; none while orders is away', async () => {
  const clock = manualClock(Date.now());
  const ordered = new Set<string>();
  const internal_token = randomBytes(32).toString('hex');
  let asked = 0;
  const orders = createServer(async (request, response) => {
    if (request.url !== '/internal/orders/customers')
      return void response.writeHead(200, proofOf(internal_token, request.headers)).end('{}');
    asked += 1;
    let text = '';
    for await (const piece of request) text += String(piece);
    const { user_ids } = JSON.parse(text) as { user_ids: string[] };
    response
      .writeHead(200, { 'content-type': 'application/json', ...proofOf(internal_token, request.headers) })
      .end(JSON.stringify({ user_ids: user_ids.filter((id) => ordered.has(id)) }));
  });
  await new Promise<void>((resolve) => orders.listen(0, '127.0.0.1', resolve));
  const orders_url = `http://127.0.0.1:${(orders.address() as AddressInfo).port}`;
  const town = await openTown({ orders_url, internal_token }, { clock });
  const { context } = town;
  const erased = async () =>
    (await context.db.query<{ id: string }>('select id from accounts where erased_at is not null order by id')).map(({ id }) => id);
  try {
    const open = async () => {
      const { access_token } = await town.client.must(openGuest, { body: { email: 'one@mail.example', full_name: 'Gero Gast' } });
      return String(decodeJwt(access_token).sub);
    };
    const [idle, buyer, present] = [await open(), await open(), await open()];
    ordered.add(buyer);
    assert.equal(await eraseIdleGuests(context), false);
    assert.equal(asked, 0, 'none is old enough');
    clock.advance(31 * dayMs);
    await context.db.query('delete from sessions where user_id <> $1', [present]);
    const closed = new Promise<void>((resolve) => void orders.close(() => resolve()));
    orders.closeAllConnections();
    await closed;
    await assert.rejects(eraseIdleGuests(context), { code: 'service_unavailable' });
    assert.deepEqual(await erased(), []);
    await new Promise<void>((resolve) => orders.listen(Number(new URL(orders_url).port), '127.0.0.1', resolve));
    await eraseIdleGuests(context);
    assert.deepEqual(await erased(), [idle]);
    const before = asked;
    await eraseIdleGuests(context);
    assert.equal(asked, before, 'who has ordered is looked at once, and who is still there not at all');
  } finally {
    await town.stop();
    orders.closeAllConnections();
    orders.close();
  }
});
