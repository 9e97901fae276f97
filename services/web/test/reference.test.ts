/** The reference over HTTP, as the service serves it while every other service is away. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { errorTable, events, serviceNames, webhookEventTypes, webhookSecretsMax } from '@souk/contracts';
import { openApiDocument, operationsOf } from '@souk/contracts/reference';
import { request } from 'undici';
import { aReference } from './_support.ts';

/** Fifty routes of orders; it leaves as a tenth of that. */
const pageBytesMax = 200_000;
const scriptBytesMax = 8_192;
const operations = operationsOf();
const services = [...new Set(operations.map(({ route }) => route.service))];

describe('the reference', () => {
  let web: Awaited<ReturnType<typeof aReference>>;
  before(async () => {
    web = await aReference();
  });
  after(() => web.stop());
  const at = (path: string, headers: Record<string, string> = {}, method = 'GET') => fetch(`${web.url}${path}`, { headers, method });
  const page = async (path: string): Promise<string> => {
    const answer = await at(path, { accept: 'text/html' });
    assert.equal(answer.status, 200, path);
    assert.match(answer.headers.get('content-type') ?? '', /^text\/html; charset=utf-8$/);
    return answer.text();
  };
  const followed = async (from: string, address: string): Promise<string> => {
    const answer = await at(address, { accept: 'text/html' });
    assert.equal(answer.status, 200, `${from} leads to ${address}`);
    return answer.text();
  };
  const allPages = ['/api', '/docs', '/docs/events', '/problems', ...services.map((name) => `/docs/${name}`)];

  it('is ready without the keys of access tokens, and says in /health that it has none', async () => {
    assert.equal((await at('/health/ready')).status, 200);
    const health = (await (await at('/health')).json()) as { status: string; checks: Record<string, { status: string }> };
    assert.deepEqual([health.status, health.checks['keys']?.status], ['degraded', 'degraded']);
  });

  it('keeps every page within its budget, loads nothing of another origin and names each route, event and code', async () => {
    let largest = 0;
    for (const path of allPages) {
      const text = await page(path);
      largest = Math.max(largest, Buffer.byteLength(text));
      assert.ok(Buffer.byteLength(text) <= pageBytesMax, `${path} has ${Buffer.byteLength(text)} bytes`);
      assert.deepEqual([...text.matchAll(/(?:src|href|action)="((?:https?:)?\/\/[^"]*)"/g)], [], path);
      assert.doesNotMatch(text, /<script>|<style|style="| on[a-z]+="|\[object|undefined/, path);
    }
    for (const { operation_id, route } of operations) {
      const text = await page(`/docs/${route.service}`);
      assert.ok(text.includes(`id="${operation_id}" data-route="${route.method} ${route.path}"`), operation_id);
    }
    const eventPage = await page('/docs/events');
    for (const { event_type } of events) assert.ok(eventPage.includes(`id="${event_type}"`), event_type);
    process.stdout.write(`reference: ${allPages.length} pages, the largest ${largest} bytes; ${operations.length} routes\n`);
  });

  it('leads from each page only to pages and places that are there', async () => {
    const texts = new Map<string, string>();
    for (const path of allPages) texts.set(path, await page(path));
    let links = 0;
    for (const [path, text] of texts) {
      const places = [...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
      assert.equal(new Set(places).size, places.length, `${path} names a place twice`);
      for (const [, href = ''] of text.matchAll(/<a [^>]*href="([^"]+)"/g)) {
        const [address = '', place] = href.split('#');
        links += 1;
        if (address === '/status' || address === '/') continue;
        const target = address === '' ? text : (texts.get(address) ?? (await followed(path, address)));
        if (address !== '') texts.set(address, target);
        if (place !== undefined) assert.ok(target.includes(` id="${place}"`), `${path} leads to ${href}`);
      }
    }
    process.stdout.write(`reference: ${links} links lead somewhere\n`);
  });

  it('shows how to verify a webhook, with code that does, and names what is posted', async () => {
    const guide = /<section id="webhooks">[\s\S]*?<\/section>/.exec(await page('/docs'))?.[0] ?? '';
    for (const event_type of webhookEventTypes) assert.ok(guide.includes(`<code>${event_type}</code>`), event_type);
    assert.ok(guide.includes(`At most ${['no', 'one', 'two', 'three', 'four', 'five'][webhookSecretsMax]} sign at once`));
    const [, escaped = ''] = /<code class="javascript">([\s\S]*?)<\/code>/.exec(guide) ?? [];
    const code = escaped.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
    const { isGenuine } = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as {
      isGenuine(secret: string, headers: Record<string, string>, body: string, now?: number): boolean;
    };
    // The example of Standard Webhooks.
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const body = '{"test": 2432232314}';
    const sent = { 'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek', 'webhook-timestamp': '1614265330' };
    const right = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';
    const at = 1_614_265_330_000;
    const verified = (signature: string, text = body, now = at): boolean =>
      isGenuine(secret, { ...sent, 'webhook-signature': signature }, text, now);
    assert.deepEqual([verified(right), verified(`v1,${'A'.repeat(43)}= ${right}`)], [true, true]);
    for (const [signature, text, now] of [
      [right, `${body} `, at],
      [right, body, at + 301_000],
      [right, body, at - 301_000],
      [right.replace('g0', 'g1'), body, at],
      [right.replace('v1,', 'v2,'), body, at],
      ['v1,', body, at],
      ['', body, at],
    ] as const)
      assert.equal(verified(signature, text, now), false, signature);
  });

  it('has a small script, and a strict policy on pages', async () => {
    const script = await at('/docs/assets/reference.js');
    assert.match(script.headers.get('content-type') ?? '', /^text\/javascript/);
    assert.ok((await script.arrayBuffer()).byteLength <= scriptBytesMax);
    assert.match((await at('/docs/assets/reference.css')).headers.get('content-type') ?? '', /^text\/css/);
    const policy = (await at('/docs')).headers.get('content-security-policy') ?? '';
    assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:/);
    assert.doesNotMatch(policy, /unsafe/);
    assert.equal((await at('/docs/assets/other.js')).status, 400);
  });

  it('publishes the documents in the form that the client takes, each with an entity tag of its own', async () => {
    const expected = JSON.stringify(openApiDocument('0.1.0'));
    const tags = new Set<string>();
    for (const [coding, decode] of [
      ['identity', (body: Buffer) => body],
      ['gzip', gunzipSync],
      ['br', brotliDecompressSync],
    ] as const) {
      const { statusCode, headers, body } = await request(`${web.url}/openapi.json`, { headers: { 'accept-encoding': coding } });
      const text = Buffer.from(decode(Buffer.from(await body.arrayBuffer()))).toString();
      assert.deepEqual([statusCode, headers['content-encoding'] ?? 'identity', headers['vary']], [200, coding, 'Accept-Encoding']);
      assert.equal(text, expected);
      const tag = String(headers['etag']);
      tags.add(tag);
      const again = await request(`${web.url}/openapi.json`, { headers: { 'accept-encoding': coding, 'if-none-match': tag } });
      assert.deepEqual([again.statusCode, again.headers['etag'], await again.body.text()], [304, tag, '']);
    }
    assert.equal(tags.size, 3);
    const head = await at('/asyncapi.json', {}, 'HEAD');
    assert.deepEqual([head.status, await head.text()], [200, '']);
    assert.equal((await at('/asyncapi.json', {}, 'OPTIONS')).headers.get('allow'), 'GET, HEAD, OPTIONS');
    assert.match((await at('/openapi.json')).headers.get('cache-control') ?? '', /^public, max-age=60/);
  });

  it('answers /api to programs and to browsers, and refuses who takes neither', async () => {
    for (const [accept, status, type] of [
      [undefined, 200, 'application/json'],
      ['*/*', 200, 'application/json'],
      ['application/json', 200, 'application/json'],
      ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 200, 'text/html'],
      ['text/html;q=0.5, application/json;q=0.4', 200, 'text/html'],
      ['text/*', 200, 'text/html'],
      ['*/*;q=0', 406, 'application/problem+json'],
      ['image/png', 406, 'application/problem+json'],
      ['application/json;q=0, text/html;q=0, */*', 406, 'application/problem+json'],
    ] as const) {
      const { statusCode, headers, body } = await request(`${web.url}/api`, accept === undefined ? {} : { headers: { accept } });
      await body.dump();
      assert.deepEqual([statusCode, String(headers['content-type']).split(';')[0]], [status, type], String(accept));
    }
    assert.equal((await at('/api')).headers.get('vary'), 'Accept, Accept-Encoding');
    for (const path of ['/', '/api']) {
      const refused = await at(path, { accept: 'image/png' });
      assert.deepEqual([refused.status, refused.headers.get('vary')], [406, 'Accept'], path);
    }
    assert.deepEqual(await (await at('/')).json(), await (await at('/api')).json());
  });

  it('says of each code what it means and what to do, to people and to programs', async () => {
    const listed = (await (await at('/problems')).json()) as { code: string; status: number; advice: string }[];
    assert.ok(listed.length > 50, `only ${listed.length} codes`);
    for (const { code, status, advice } of listed) {
      const one = (await (await at(`/problems/${code}`)).json()) as Record<string, unknown>;
      assert.deepEqual([one['code'], one['status'], one['advice']], [code, status, advice]);
      assert.equal(errorTable[code as 'internal'].status, status);
      const text = await page(`/problems/${code}`);
      assert.ok(text.includes(`&quot;code&quot;: &quot;${code}&quot;`), code);
    }
    const missing = await at('/problems/never_heard_of');
    const { code, type } = (await missing.json()) as { code: string; type: string };
    assert.deepEqual([missing.status, code, type], [404, 'not_found', '/problems/not_found']);
    assert.equal((await at(type)).status, 200);
  });

  it('has a page for each service with routes, and says 404 for others', async () => {
    for (const name of serviceNames) assert.equal((await at(`/docs/${name}`)).status, 200, name);
    assert.equal((await at('/docs/nobody')).status, 404);
  });
});
