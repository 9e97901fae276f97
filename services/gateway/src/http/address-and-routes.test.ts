import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { getOrderDetails, routes } from '@souk/contracts';
import { entryOf, routeTable } from '../route-table.ts';
import { createClientOrigin, limitKeyOf } from './client-address.ts';
import { createRouter, paramsOf } from './router.ts';

describe('the route table', () => {
  const router = createRouter(routeTable.map((entry) => ({ method: entry.method, path: entry.path, value: entry })));
  const example = (path: string): string => path.replaceAll(/\{[a-z_]+\}/g, '0190a0b0-0000-7000-8000-000000000001');

  it('finds every declared route of every service, and none that is internal', () => {
    for (const route of routes) {
      const found = router.find(example(route.path))?.methods.get(route.method);
      const isInternal = route.access === 'internal' && route.service !== 'gateway';
      assert.equal(found?.path, isInternal ? undefined : route.path, `${route.method} ${route.path}`);
    }
    assert.ok(routeTable.every(({ path }) => !path.startsWith('/internal')));
  });

  it('prefers the fixed word to a parameter and goes back where that leads nowhere', () => {
    const at = (path: string): string | undefined =>
      router.find(path)?.methods.get('GET')?.path ?? router.find(path)?.methods.get('PUT')?.path;
    assert.equal(at('/api/users/me'), '/api/users/me');
    assert.equal(at('/api/users/me/role'), '/api/users/{user_id}/role');
    assert.equal(router.find('/api/users/me')?.allow, 'GET, HEAD, OPTIONS');
    assert.deepEqual(paramsOf('/registry/services/{name}/{instance_id}', '/registry/services/orders/a-1'), {
      name: 'orders',
      instance_id: 'a-1',
    });
  });

  for (const path of [
    '/api/users/..',
    '/api/users/.',
    '/api/users/%2e%2e',
    '/api/users/a%2Fb',
    '/api/users/a%5cb',
    '/api/users/a\\b',
    '/api/users/',
    '//api/users',
    '/api/users/a%00',
    `/api/users/${'a'.repeat(1_001)}`,
    'api/users',
    '',
  ]) {
    it(`has nothing at ${path.slice(0, 40)}`, () => assert.equal(router.find(path), undefined));
  }
});

describe('a route of the table', () => {
  it('has the headers that announce its end where it is deprecated', () => {
    const deprecated = { since: '2026-11-29', instead: 'Use GET /api/things.' };
    assert.deepEqual(entryOf({ ...getOrderDetails, deprecated }).deprecation, [
      ...['deprecation', '@1795910400'],
      ...['link', '</docs/gateway>; rel="deprecation"; type="text/html"'],
    ]);
    assert.equal(entryOf(getOrderDetails).deprecation, undefined);
  });
});

describe('the address of a client', () => {
  it("is the peer's unless the configuration trusts the peer", () => {
    const direct = createClientOrigin('');
    assert.deepEqual(direct('::ffff:1.2.3.4', '9.9.9.9', 'https'), { address: '1.2.3.4', secure: false });
    const behind = createClientOrigin('10.0.0.0/8, ::1');
    assert.deepEqual(behind('10.1.1.1', '6.6.6.6, 1.2.3.4, 10.2.2.2', 'https'), { address: '1.2.3.4', secure: true });
    assert.equal(behind('10.1.1.1', undefined, undefined).address, '10.1.1.1');
    assert.equal(behind('10.1.1.1', '<script>', undefined).address, '10.1.1.1');
    assert.equal(behind('::1', '[2001:db8::1]:443', undefined).address, '2001:db8::1');
    assert.equal(behind('8.8.8.8', '1.2.3.4', 'https').address, '8.8.8.8');
    for (const wrong of ['nonsense', '10.0.0.0/33', '::1/x']) assert.throws(() => createClientOrigin(wrong), { code: 'config_invalid' });
  });

  it('is counted by the /64 for IPv6', () => {
    assert.equal(limitKeyOf('1.2.3.4'), '1.2.3.4');
    assert.equal(limitKeyOf('2001:db8:1:2:3:4:5:6'), limitKeyOf('2001:db8:1:2:ffff::1'));
    assert.notEqual(limitKeyOf('2001:db8:1:2::1'), limitKeyOf('2001:db8:1:3::1'));
  });
});
