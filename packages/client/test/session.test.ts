import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createClient, ProblemError, SignedOutError, type TokenStore, type Tokens } from '../src/index.ts';
import { manualTiming, problemOf, sendJson, startServer } from './_server.ts';

/** Accounts with one session: pair number n is `access-n`, `refresh-n`; a refresh token is good once, and using it again ends all. */
async function aShop() {
  let pair = 0;
  let isEnded = false;
  let refreshFailure: number | undefined;
  let refusedUpTo = 0;
  const refused = (response: Parameters<typeof sendJson>[0], code: string) => sendJson(response, 401, problemOf(401, code));
  const issue = () => {
    pair += 1;
    return { access_token: `access-${pair}`, token_type: 'Bearer', expires_in: 600, refresh_token: `refresh-${pair}` };
  };
  const shop = await startServer(async ({ url, text, headers }, response) => {
    if (url.endsWith('/login')) {
      isEnded = false;
      return sendJson(response, 200, issue());
    }
    if (url.endsWith('/logout')) return response.writeHead(204).end();
    if (url.endsWith('/refresh')) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (refreshFailure !== undefined) return sendJson(response, refreshFailure, problemOf(refreshFailure, 'overloaded'));
      const { refresh_token } = JSON.parse(text) as { refresh_token: string };
      if (isEnded || refresh_token !== `refresh-${pair}`) {
        isEnded = true;
        return refused(response, 'refresh_token_invalid');
      }
      return sendJson(response, 200, issue());
    }
    const accepted = pair > refusedUpTo ? `Bearer access-${pair}` : undefined;
    if (isEnded || headers.authorization !== accepted) return refused(response, 'token_invalid');
    return sendJson(response, 200, { id: headers.authorization });
  });
  return {
    shop,
    refreshes: () => shop.received.filter(({ url }) => url.endsWith('/refresh')).length,
    /** The access token at hand is refused from now on; its refresh token still holds. */
    refuseAccess: () => {
      refusedUpTo = pair;
    },
    refreshIsUnderWay: async () => {
      while (!shop.received.some(({ url }) => url.endsWith('/refresh'))) await new Promise(setImmediate);
    },
    failRefresh: (status: number | undefined) => {
      refreshFailure = status;
    },
    end: () => {
      isEnded = true;
    },
  };
}
const credentials = { login: 'lena', password: 'four red sails' };

function aStore(): TokenStore & { kept: Tokens | undefined; saves: number } {
  const store = {
    kept: undefined as Tokens | undefined,
    saves: 0,
    load: () => store.kept,
    save: (tokens: Tokens | undefined) => {
      store.kept = tokens;
      store.saves += 1;
    },
  };
  return store;
}

describe('a session', () => {
  it('begins with a sign-in and sends its token, but not to sign-in itself', async () => {
    const { shop } = await aShop();
    const client = createClient({ base_url: shop.base_url });
    assert.equal(await client.session.isSignedIn(), false);
    assert.equal((await client.auth.login(credentials)).access_token, 'access-1');
    assert.equal((await client.users.me()).id, 'Bearer access-1');
    assert.equal((await client.with({ correlation_id: 'x-0000001' }).users.me()).id, 'Bearer access-1');
    await client.auth.login(credentials);
    assert.deepEqual(
      shop.received.map(({ headers }) => headers.authorization),
      [undefined, 'Bearer access-1', 'Bearer access-1', undefined],
    );
  });

  it('is renewed once for all callers shortly before the token ends', async () => {
    const { shop, refreshes } = await aShop();
    const timing = manualTiming();
    const client = createClient({ base_url: shop.base_url, timing });
    await client.auth.login(credentials);
    timing.advance(569_000);
    await client.users.me();
    assert.equal(refreshes(), 0);
    timing.advance(2_000);
    const ids = await Promise.all(Array.from({ length: 20 }, async () => (await client.users.me()).id));
    assert.deepEqual([...new Set(ids)], ['Bearer access-2']);
    assert.equal(refreshes(), 1);
  });

  it('is renewed once for all callers whose token was refused, and each request is made again', async () => {
    const { shop, refreshes, refuseAccess } = await aShop();
    const client = createClient({ base_url: shop.base_url, retries: 0 });
    await client.auth.login(credentials);
    refuseAccess();
    const ids = await Promise.all(Array.from({ length: 20 }, async () => (await client.users.me()).id));
    assert.deepEqual([...new Set(ids)], ['Bearer access-2']);
    assert.equal(refreshes(), 1);
    refuseAccess();
    // A write without a key too: it was refused before it had an effect.
    await client.orders.cancel('x', { reason: 'too late' });
    const cancels = shop.received.filter(({ url }) => url.endsWith('/cancel'));
    assert.deepEqual(
      cancels.map(({ headers, text }) => [headers.authorization, text]),
      [
        ['Bearer access-2', '{"reason":"too late"}'],
        ['Bearer access-3', '{"reason":"too late"}'],
      ],
    );
    await client.auth.refresh();
    assert.equal(await client.session.accessToken(), 'access-4');
  });

  it('is left alone when a call brings a token of its own', async () => {
    const { shop, refreshes } = await aShop();
    const client = createClient({ base_url: shop.base_url, retries: 0 });
    await client.auth.login(credentials);
    for (const own of [client, client.with({ token: 'foreign' })])
      await assert.rejects(own.users.me({ token: 'foreign' }), (error) => error instanceof ProblemError && error.code === 'token_invalid');
    assert.equal(refreshes(), 0);
  });

  it('that the server ended signs out with an error that says so', async () => {
    const { shop, end, refreshes } = await aShop();
    const tokens = aStore();
    const client = createClient({ base_url: shop.base_url, tokens });
    await client.auth.login(credentials);
    end();
    const outcomes = await Promise.allSettled([client.users.me(), client.users.me(), client.orders.list().page()]);
    for (const outcome of outcomes) {
      assert.ok(outcome.status === 'rejected' && outcome.reason instanceof SignedOutError, String(outcome.status));
      assert.match(outcome.reason.message, /cannot be renewed|has ended/);
    }
    assert.equal(refreshes(), 1);
    assert.equal(tokens.kept, undefined);
    assert.equal(await client.session.isSignedIn(), false);
    await assert.rejects(client.users.me(), (error) => error instanceof ProblemError && error.code === 'token_invalid');
  });

  it('outlives a shop that cannot renew it at the moment', async () => {
    const { shop, failRefresh } = await aShop();
    const timing = manualTiming();
    const client = createClient({ base_url: shop.base_url, timing });
    await client.auth.login(credentials);
    failRefresh(503);
    timing.advance(580_000);
    assert.equal((await client.users.me()).id, 'Bearer access-1', 'the token is good for a moment longer');
    timing.advance(60_000);
    await assert.rejects(client.users.me(), (error) => error instanceof ProblemError && error.code === 'overloaded');
    assert.equal(await client.session.isSignedIn(), true);
    failRefresh(undefined);
    assert.equal((await client.users.me()).id, 'Bearer access-2');
  });

  it('is kept in a store, and what another tab renewed is taken from there', async () => {
    const { shop, refreshes } = await aShop();
    const timing = manualTiming();
    const tokens = aStore();
    const [first, second] = [1, 2].map(() => createClient({ base_url: shop.base_url, tokens, timing })) as [
      ReturnType<typeof createClient>,
      ReturnType<typeof createClient>,
    ];
    await first.auth.login(credentials);
    assert.equal((await second.users.me()).id, 'Bearer access-1');
    timing.advance(580_000);
    // Both want to renew; Web Locks let one after the other.
    const ids = await Promise.all([first.users.me(), second.users.me()]);
    assert.deepEqual(
      ids.map(({ id }) => id),
      ['Bearer access-2', 'Bearer access-2'],
    );
    assert.equal(refreshes(), 1);
    assert.equal((await createClient({ base_url: shop.base_url, tokens, timing }).users.me()).id, 'Bearer access-2');
  });

  it('ends with a sign-out, also while it is being renewed', async () => {
    const { shop, refreshIsUnderWay } = await aShop();
    const tokens = aStore();
    const client = createClient({ base_url: shop.base_url, tokens });
    await client.auth.login(credentials);
    const renewal = client.auth.refresh();
    await refreshIsUnderWay();
    await client.auth.logout();
    await renewal;
    assert.equal(tokens.kept, undefined);
    assert.equal(shop.received.at(-1)?.text, '{"refresh_token":"refresh-2"}', 'the newest pair is the one that ends');
    await client.auth.logout();
    assert.equal(shop.received.filter(({ url }) => url.endsWith('/logout')).length, 1);
  });

  it('of somebody else is not overwritten by a renewal that comes late', async () => {
    const { shop, refreshIsUnderWay } = await aShop();
    const tokens = aStore();
    const client = createClient({ base_url: shop.base_url, tokens });
    await client.auth.login(credentials);
    const renewal = client.auth.refresh();
    await refreshIsUnderWay();
    await client.session.begin({ access_token: 'other', token_type: 'Bearer', expires_in: 600, refresh_token: 'other-refresh' });
    await renewal;
    assert.equal(tokens.kept?.access_token, 'other');
    assert.equal(await client.session.accessToken(), 'other');
  });
});
