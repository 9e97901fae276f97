import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readCookies, writeCookie } from './cookies.ts';
import { isSameOrigin } from './same-origin.ts';
import { endedSessionCookies, forwardedCookies, readSession, sessionCookies } from './session-cookies.ts';

const access = 'aaa.bbb.ccc';
const refresh = 'ddd.eee.fff';
const pair = { access_token: access, refresh_token: refresh, expires_in: 600, token_type: 'Bearer' } as const;
const traits = { secure: false, max_age_s: 60 };

describe('cookies', () => {
  for (const [header, expected] of [
    [undefined, []],
    ['', []],
    ['a=1', [['a', '1']]],
    [
      'a=1; b=2;c=3 ;',
      [
        ['a', '1'],
        ['b', '2'],
        ['c', '3'],
      ],
    ],
    ['a=first; a=second', [['a', 'first']]],
    ['a=x=y=', [['a', 'x=y=']]],
    ['=nameless; bare; ; =; broken="half; b=ü; c=\u0000; d=1', [['d', '1']]],
    ['a= ', [['a', '']]],
    [
      '__proto__=1; constructor=2',
      [
        ['__proto__', '1'],
        ['constructor', '2'],
      ],
    ],
  ] as const)
    it(`of ${JSON.stringify(header)} are read`, () => assert.deepEqual([...readCookies(header)], expected));

  it('are written for this host alone, out of the reach of scripts', () => {
    assert.equal(writeCookie('souk_cart', 'a.b', traits), 'souk_cart=a.b; Path=/; Max-Age=60; HttpOnly; SameSite=Lax');
    assert.equal(
      writeCookie('souk_cart', '', { secure: true, max_age_s: 0 }),
      '__Host-souk_cart=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure',
    );
  });

  for (const [name, value] of [
    ['souk_cart', 'a;b'],
    ['souk_cart', 'a b'],
    ['souk_cart', 'a\r\nset-cookie: x=1'],
    ['souk_cart', '"'],
    ['__Host-souk_cart', 'a'],
    ['a b', 'a'],
  ] as const)
    it(`${JSON.stringify(`${name}=${value}`)} cannot be written`, () => assert.throws(() => writeCookie(name, value, traits), TypeError));
});

describe('the session of a browser', () => {
  for (const [what, header, secure, expected] of [
    ['nothing', undefined, false, undefined],
    ['cookies of other apps', 'theme=dark; session=x.y.z', false, undefined],
    ['both tokens', `theme=dark; souk_access=${access}; souk_refresh=${refresh}`, false, [access, refresh]],
    ['a refresh token alone', `souk_refresh=${refresh}`, false, [undefined, refresh]],
    ['both tokens by https', `__Host-souk_access=${access}; __Host-souk_refresh=${refresh}`, true, [access, refresh]],
    ['tokens that another host of the domain may have set', `souk_access=${access}; souk_refresh=${refresh}`, true, undefined],
    ['the cookies of https over http', `__Host-souk_access=${access}`, false, undefined],
    ['what is no token', 'souk_access=abc; souk_refresh=sk_1234', false, undefined],
    ['a removed one', 'souk_access=; souk_refresh=', false, undefined],
    ['a cart alone', 'souk_cart=abc', false, undefined],
  ] as const)
    it(`from ${what}`, () => {
      const session = readSession(header, secure);
      assert.deepEqual(session && [session.access_token, session.refresh_token], expected);
    });

  it('is what was set, until it is ended', () => {
    for (const secure of [false, true]) {
      const sent = (set: readonly string[]) => set.map((one) => one.split(';', 1)[0]).join('; ');
      assert.deepEqual(readSession(sent(sessionCookies(pair, secure)), secure), { access_token: access, refresh_token: refresh });
      assert.equal(readSession(sent(endedSessionCookies(secure)), secure), undefined);
      for (const one of endedSessionCookies(secure)) assert.match(one, /; Max-Age=0; HttpOnly; SameSite=Lax/);
    }
    assert.match(sessionCookies(pair, false)[0] ?? '', /; Max-Age=600; /);
  });

  const all = `theme=dark; souk_access=${access}; souk_cart=abc; souk_refresh=${refresh}; _ga=1`;
  for (const [what, header, changes, expected] of [
    ['a read', all, false, 'souk_cart=abc'],
    ['a change', all, true, `souk_cart=abc; souk_refresh=${refresh}`],
    ['a read without a cart', `souk_access=${access}; souk_refresh=${refresh}`, false, undefined],
    ['cookies of other apps', 'theme=dark; _ga=1', true, undefined],
    ['nothing', undefined, true, undefined],
  ] as const)
    it(`of ${what} services get what they need`, () => assert.equal(forwardedCookies(header, { secure: false, changes }), expected));
  it('by https is forwarded under the names of https alone', () => {
    const header = `__Host-souk_access=${access}; __Host-souk_cart=abc; souk_cart=planted`;
    assert.equal(forwardedCookies(header, { secure: true, changes: false }), '__Host-souk_cart=abc');
  });
});

describe('a request', () => {
  const host = 'shop.example';
  for (const [what, expected, given] of [
    ['of a page of this shop', true, { sec_fetch_site: 'same-origin' }],
    ['of another host of the domain', false, { sec_fetch_site: 'same-site', origin: 'https://shop.example' }],
    ['of another site', false, { sec_fetch_site: 'cross-site', origin: 'https://shop.example' }],
    ['typed into the address bar', false, { sec_fetch_site: 'none' }],
    ['of an old browser, from here', true, { origin: 'https://shop.example', secure: true }],
    ['of an old browser, from here by http', true, { origin: 'http://shop.example' }],
    ['of an old browser, from a page by http to https', false, { origin: 'http://shop.example', secure: true }],
    ['of an old browser, behind a proxy that is not trusted', true, { origin: 'https://shop.example' }],
    ['of an old browser, from another port', false, { origin: 'http://shop.example:8080' }],
    ['of an old browser, from elsewhere', false, { origin: 'https://evil.example' }],
    ['from a host that ends alike', false, { origin: 'https://evil-shop.example' }],
    ['of a sandboxed page', false, { origin: 'null' }],
    ['that says nothing', false, {}],
    ['without a host', false, { origin: 'https://undefined', host: undefined }],
  ] as const)
    it(`${what} ${expected ? 'is' : 'is not'} of the same origin`, () => {
      const request = { sec_fetch_site: undefined, origin: undefined, host, secure: false, ...given };
      assert.equal(isSameOrigin(request), expected);
    });
});
