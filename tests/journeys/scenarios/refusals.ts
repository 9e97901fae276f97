/** Every route of the contract, asked wrongly in every general way: always a problem document, and the shop lives on. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { login, type Problem, placeOrder, type RouteDeclaration, routes } from '@souk/contracts';
import { required, systemIds } from '@souk/kernel';
import { openShop, type Shop, shipping_address, type WorldName } from '../_support.ts';

const fixedParts: Readonly<Record<string, string>> = {
  name: 'nothing.svg',
  provider: 'nobody',
  service: 'payments',
  id: '1',
  country: 'PT',
};

/** The stories of refusals, in the given world. */
export function refusalScenarios(world: WorldName): void {
  describe(`refusals in the ${world} world`, () => {
    let shop: Shop;
    let staff_token: string;
    let customer_token: string;
    before(async () => {
      shop = await openShop({ world });
      const tokenOf = async (role: string): Promise<string> => {
        const { username, password } = required(
          shop.souk.accounts.find((account) => account.role === role),
          role,
        );
        return (await shop.anonymous.expect(200, login, { body: { login: username, password } })).body.access_token;
      };
      staff_token = await tokenOf('admin');
      customer_token = await tokenOf('customer');
    });
    after(() => shop.souk.stop());

    const outside = routes.filter((route) => route.access !== 'internal');
    const withBody = outside.filter(
      (route) => route.body !== undefined && route.body_type === undefined && !route.path.includes('/payments/webhooks/'),
    );

    /** The path with an id in each parameter that has the right form and belongs to nothing. */
    function pathOf(route: RouteDeclaration, id: string = systemIds.uuid()): string {
      return route.path.replaceAll(/\{([a-z_]+)\}/g, (_, name: string) => fixedParts[name] ?? id);
    }

    async function ask(
      method: string,
      path: string,
      init: RequestInit & { duplex?: 'half' } = {},
    ): Promise<{ status: number; problem: Problem; text: string; headers: Headers }> {
      const response = await fetch(`${shop.souk.gateway_url}${path}`, { method, ...init });
      const text = await response.text();
      return {
        status: response.status,
        problem: text.startsWith('{') ? (JSON.parse(text) as Problem) : ({} as Problem),
        text,
        headers: response.headers,
      };
    }

    function isProblem(answer: Awaited<ReturnType<typeof ask>>, status: number, what: string): void {
      assert.equal(answer.status, status, `${what}: ${answer.text.slice(0, 300)}`);
      assert.match(answer.headers.get('content-type') ?? '', /application\/problem\+json/, what);
      assert.equal(answer.problem.status, status, what);
      for (const member of ['type', 'title', 'detail', 'instance', 'code', 'correlation_id'] as const)
        assert.ok(answer.problem[member], `${what} has ${member}`);
      assert.equal(answer.headers.get('x-correlation-id'), answer.problem.correlation_id, what);
      assert.doesNotMatch(answer.text, /\bat .*\.ts:|node_modules|select |insert /i, `${what} shows nothing of the inside`);
    }

    const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
    const json = { 'content-type': 'application/json' };

    describe('every route refuses properly', () => {
      test('without a token where one is needed, and with a broken one everywhere', async () => {
        for (const route of outside) {
          const path = pathOf(route);
          if (route.access !== 'public') isProblem(await ask(route.method, path), 401, `${route.method} ${path} without a token`);
          isProblem(await ask(route.method, path, { headers: bearer('not.a.token') }), 401, `${route.method} ${path} with a broken token`);
        }
      });

      test('a customer where staff is needed', async () => {
        for (const route of outside.filter((candidate) => candidate.access === 'staff' || candidate.access === 'admin')) {
          const headers = { ...bearer(customer_token), ...(route.body ? json : {}) };
          isProblem(
            await ask(route.method, pathOf(route), { headers, ...(route.body ? { body: '{}' } : {}) }),
            403,
            `${route.method} ${route.path} as a customer`,
          );
        }
      });

      test('an id of the wrong form', async () => {
        // A page says that there is no such thing.
        for (const route of outside.filter(({ path, page }) => page !== true && /\{[a-z]+_id\}/.test(path))) {
          const wrong = pathOf(route, 'not-an-id');
          const init = { headers: { ...bearer(staff_token), ...(route.body ? json : {}) }, ...(route.body ? { body: '{}' } : {}) };
          isProblem(await ask(route.method, wrong, init), 400, `${route.method} ${wrong}`);
        }
      });

      test('broken JSON, wrong encoding, wrong content type, no object, an unknown member', async () => {
        for (const route of withBody) {
          const what = `${route.method} ${route.path}`;
          const send = (body: string | Uint8Array<ArrayBuffer>, type = 'application/json') =>
            ask(route.method, pathOf(route), { headers: { ...bearer(staff_token), 'content-type': type }, body });
          isProblem(await send('{"half'), 400, `${what} broken`);
          isProblem(await send(new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])), 400, `${what} not UTF-8`);
          isProblem(await send('a=1', 'application/x-www-form-urlencoded'), 415, `${what} as a form`);
          isProblem(await send('[]'), 400, `${what} with a list`);
          const unknown = await send('{"no_such_member":1}');
          isProblem(unknown, 400, `${what} with an unknown member`);
          assert.match(JSON.stringify(unknown.problem.errors), /no_such_member/, `${what} names the member`);
        }
      });

      test('a body of 10 MB', async () => {
        const body = JSON.stringify({ reason: 'x'.repeat(10 * 1024 * 1024) });
        for (const route of withBody.slice(0, 6)) {
          const headers = { ...bearer(staff_token), ...json };
          try {
            isProblem(await ask(route.method, pathOf(route), { headers, body }), 413, `${route.method} ${route.path} with 10 MB`);
          } catch (error) {
            // A server may also close the connection while the client is still sending; it must then still live.
            if (!(error instanceof TypeError)) throw error;
          }
        }
      });

      test('an address nobody knows and a method that is not there', async () => {
        isProblem(await ask('GET', '/api/nothing'), 404, 'an unknown address');
        isProblem(await ask('GET', '/api/orders/%zz', { headers: bearer(customer_token) }), 400, 'a broken escape');
        isProblem(await ask('GET', '/internal/audit/records?kind=orders'), 404, 'an internal route through the gateway');
        const wrong = await ask('DELETE', '/api/orders', { headers: bearer(customer_token) });
        isProblem(wrong, 405, 'a method that is not there');
        assert.match(wrong.headers.get('allow') ?? '', /GET/);
      });

      test('a query of the wrong type or unknown', async () => {
        for (const query of [
          'limit=0',
          'limit=101',
          'limit=x',
          'skip=-1',
          'skip=10001',
          'cursor=%00',
          'no_such=1',
          'min_price=-1',
          'sort=upwards',
          'in_stock=perhaps',
        ]) {
          isProblem(await ask('GET', `/api/products?${query}`), 400, `?${query}`);
        }
      });
    });

    test('an order wrong in each member is refused with the place of the fault, and nothing is placed', async () => {
      const product = await shop.aProduct(5);
      const right = { items: [{ product_id: product.id, quantity: 1 }], shipping_address, payment_method: 'tok_visa' };
      const wrong: [string, unknown, string][] = [
        ['no items', { ...right, items: [] }, '/items'],
        ['quantity zero', { ...right, items: [{ product_id: product.id, quantity: 0 }] }, '/items/0/quantity'],
        ['negative quantity', { ...right, items: [{ product_id: product.id, quantity: -1 }] }, '/items/0/quantity'],
        ['huge quantity', { ...right, items: [{ product_id: product.id, quantity: 1e9 }] }, '/items/0/quantity'],
        ['half a piece', { ...right, items: [{ product_id: product.id, quantity: 1.5 }] }, '/items/0/quantity'],
        ['quantity as text', { ...right, items: [{ product_id: product.id, quantity: '1' }] }, '/items/0/quantity'],
        ['a price of their own', { ...right, items: [{ product_id: product.id, quantity: 1, price: 0.01 }] }, '/items/0/price'],
        ['foreign id', { ...right, items: [{ product_id: "1'; drop table orders; --", quantity: 1 }] }, '/items/0/product_id'],
        ['no address', { ...right, shipping_address: undefined }, '/shipping_address'],
        ['address without city', { ...right, shipping_address: { ...shipping_address, city: undefined } }, '/shipping_address/city'],
        ['a card number', { ...right, payment_method: '4111 1111 1111 1111' }, '/payment_method'],
        ['a total of their own', { ...right, total_amount: 0.01 }, '/total_amount'],
      ];
      for (const [what, body, pointer] of wrong) {
        const answer = await ask('POST', '/api/orders', { headers: { ...bearer(customer_token), ...json }, body: JSON.stringify(body) });
        isProblem(answer, 400, what);
        assert.ok(
          answer.problem.errors?.some((error) => error.pointer === pointer),
          `${what}: ${JSON.stringify(answer.problem.errors)}`,
        );
      }
      const nul = { ...right, shipping_address: { ...shipping_address, city: 'Lis\u0000bon' } };
      isProblem(
        await ask('POST', '/api/orders', { headers: { ...bearer(customer_token), ...json }, body: JSON.stringify(nul) }),
        400,
        'a NUL in a text',
      );
      const unknown = await ask('POST', '/api/orders', {
        headers: { ...bearer(customer_token), ...json },
        body: JSON.stringify({ ...right, items: [{ product_id: systemIds.uuid(), quantity: 1 }] }),
      });
      isProblem(unknown, 400, 'an unknown product');
      assert.equal(unknown.problem.code, 'product_unknown');
      const customer = shop.anonymous.with({ token: customer_token });
      assert.equal((await customer.refused(409, placeOrder, { body: { ...right, expected_total: 1 } })).code, 'total_changed');
      assert.equal((await customer.refused(400, placeOrder, { body: { ...right, currency: 'USD' } })).code, 'currency_mismatch');
      assert.equal(
        (await customer.expect(201, placeOrder, { body: right, wait_s: 20 })).body.status,
        'confirmed',
        'after all this it still sells',
      );
    });
  });
}
