import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { registeredServices, type StatusWord } from '@souk/contracts';
import { catalogueKey } from './catalogue-key.ts';
import { overallStatus } from './overall-health.ts';
import { refusalPage, wantsPage } from './refusal-page.ts';

describe('health', () => {
  const all = (status: StatusWord, changes: Record<string, StatusWord> = {}) =>
    Object.fromEntries(registeredServices.map((name) => [name, { status: changes[name] ?? status }]));
  const cases: readonly (readonly [string, StatusWord, ReturnType<typeof all>, StatusWord])[] = [
    ['all well', 'healthy', all('healthy'), 'healthy'],
    ['one service away', 'healthy', all('healthy', { payments: 'unhealthy' }), 'degraded'],
    ['operations away', 'healthy', all('healthy', { operations: 'unhealthy' }), 'degraded'],
    ['the gateway degraded', 'degraded', all('healthy'), 'degraded'],
    ['web away', 'healthy', all('healthy', { web: 'unhealthy' }), 'degraded'],
    ['nothing but operations there', 'healthy', all('unhealthy', { operations: 'healthy' }), 'unhealthy'],
    ['the gateway unhealthy', 'unhealthy', all('healthy'), 'unhealthy'],
    ['nothing known', 'healthy', {}, 'unhealthy'],
  ];
  for (const [what, gateway, services, status] of cases)
    it(`of the whole with ${what} is ${status}`, () => assert.equal(overallStatus(gateway, services), status));
});

describe('a refusal', () => {
  const html = 'text/html,application/xhtml+xml,*/*;q=0.8';
  for (const [what, request, expected] of [
    ['of a page to a browser', { method: 'GET', path: '/p/1', accept: html, is_page: true }, true],
    ['of an address that is not there to a browser', { method: 'GET', path: '/nowhere', accept: html, is_page: undefined }, true],
    ['of a page to a program', { method: 'GET', path: '/p/1', accept: '*/*', is_page: true }, false],
    ['of a page without Accept', { method: 'GET', path: '/p/1', accept: undefined, is_page: true }, false],
    ['of the API to a browser', { method: 'GET', path: '/api/orders', accept: html, is_page: false }, false],
    ['below /api where nothing is', { method: 'GET', path: '/api/nothing', accept: html, is_page: undefined }, false],
    ['of a form of a page', { method: 'POST', path: '/sign-in', accept: html, is_page: true }, true],
    ['of what is sent to no page', { method: 'POST', path: '/session', accept: html, is_page: false }, false],
    ['of what is sent to where nothing is', { method: 'POST', path: '/nowhere', accept: html, is_page: undefined }, false],
  ] as const)
    it(`${what} is ${expected ? 'a page' : 'a problem document'}`, () => assert.equal(wantsPage(request), expected));

  it('as a page says what the code means', () => {
    assert.match(refusalPage({ code: 'rate_limited' }, 'GET'), /<h1>Too many requests<\/h1><p>[A-Z].*<a href="\/">/);
    assert.match(refusalPage({ code: 'never_heard_of' }, 'GET'), /<h1>/);
  });

  it('of a form whose answer is lost says that it may have arrived and may be sent again; of a page, that it may be opened again', () => {
    for (const code of ['upstream_failed', 'upstream_timeout', 'service_unavailable', 'internal']) {
      assert.match(refusalPage({ code }, 'POST'), /not known whether what you sent has arrived.*once at most/);
      assert.match(refusalPage({ code }, 'GET'), /<p>Please open this page again in a minute\.<\/p>/);
    }
  });
});

describe('the key of an answer of the catalogue', () => {
  const declared = { names: new Set(['limit', 'q']), patterns: [/^option\..{1,60}$/su] };
  const keyOf = (query: string) => catalogueKey('/api/groups', query, declared);

  it('is one for all spellings, in whatever order free members come and however often', () => {
    const key = keyOf('option.size=M&option.size=L&limit=2');
    assert.equal(key, '/api/groups?limit=2&option.size=L&option.size=M');
    assert.equal(keyOf('limit=2&option.size=L&option.si%7ae=M&option.size=L'), key);
    assert.notEqual(keyOf('option.size=M&limit=2'), key);
    assert.equal(keyOf('option.a%26b=c%3Dd'), '/api/groups?option.a%26b=c%3Dd');
  });

  it('is none for what the service has to judge', () => {
    for (const query of ['limit=1&limit=2', 'colour=red', 'option.=M', 'option.size=%ff', 'option.%ff=M', `option.${'x'.repeat(61)}=1`])
      assert.equal(keyOf(query), undefined, query);
  });
});
