import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { aGateway, anUpstream, rawExchange, sendJson, type TestGateway, type Upstream, until } from './_support.ts';

const id = '0190a0b0-0000-7000-8000-000000000001';
const address = `/api/products/${id}`;

describe('reads of the catalogue from memory', () => {
  let shop: TestGateway;
  let products: Upstream;
  let inventory: Upstream;
  /** What the service knows now. */
  const state = { version: 1, status: 200, hold: Promise.resolve() };

  before(async () => {
    shop = await aGateway({ rate_limit: 'off', catalogue_memory_bytes_max: 10_000_000, breaker_open_ms: 50 });
    products = await anUpstream((request, response) => {
      const { version, status, hold } = state;
      const long = request.url?.includes('long') ? 'words '.repeat(2_000) : '';
      const tag = request.url?.startsWith(address) ? { etag: `"${version}~${id}"` } : {};
      if (request.method !== 'GET' && request.method !== 'HEAD') sendJson(response, 200, { version: state.version }, tag);
      else
        void hold.then(() =>
          sendJson(response, status, status === 200 ? { version, long } : { code: 'not_found' }, { ...tag, 'x-of-service': 'yes' }),
        );
    });
    inventory = await anUpstream((_request, response) => sendJson(response, 201, {}));
    await shop.register('products', products);
    await shop.register('inventory', inventory);
  });
  after(async () => {
    await shop.stop();
    await products.close();
    await inventory.close();
  });
  afterEach(async () => {
    Object.assign(state, { version: state.version + 1, status: 200, hold: Promise.resolve() });
    // What one test left in memory is no answer of the next.
    await fetch(shop.url + address, {
      method: 'PUT',
      body: '{}',
      headers: { authorization: await bearer('staff'), 'content-type': 'application/json' },
    });
    products.seen.length = 0;
  });

  const bearer = async (role: 'customer' | 'staff' | 'admin'): Promise<string> => `Bearer ${await shop.keys.tokenFor({ role })}`;
  const ask = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Response> =>
    fetch(shop.url + path, { method, headers });
  const versionAt = async (path = address, headers: Record<string, string> = {}): Promise<number> =>
    ((await (await ask(path, headers)).json()) as { version: number }).version;
  const asked = (): number => products.seen.filter(({ method }) => method === 'GET').length;

  it('are asked of the service once, also when many come at once, and again after a second', async () => {
    const at_once = await Promise.all(Array.from({ length: 20 }, () => versionAt()));
    assert.deepEqual(new Set(at_once), new Set([state.version]));
    assert.equal(asked(), 1);
    const answer = await ask(address);
    assert.deepEqual(
      [answer.headers.get('cache-control'), answer.headers.get('vary'), answer.headers.get('x-of-service'), answer.headers.get('etag')],
      ['public, max-age=1, stale-while-revalidate=5, stale-if-error=300', 'Accept-Encoding', 'yes', `"${state.version}~${id}"`],
    );
    assert.match(answer.headers.get('age') ?? '', /^\d$/);
    state.version += 1;
    const began = performance.now();
    await until(async () => (await versionAt()) === state.version, 'the new version is served');
    assert.ok(performance.now() - began < 1_500, 'no answer is served for longer than a second');
    assert.equal(asked(), 2);
  });

  it('have one key for all spellings of a query, and none for what the service has to judge', async () => {
    await ask('/api/products?limit=5&q=a%20b');
    await ask('/api/products?q=a+b&limit=5');
    assert.equal(asked(), 1);
    await ask(`/api/products?ids=${id},${id}`);
    await ask(`/api/products?ids=${id}%2C${id}`);
    assert.equal(asked(), 2);
    for (const path of [
      '/api/products?limit=5&limit=6',
      '/api/products?unknown=1',
      '/api/products?q=%ff',
      `/api/products/${id.replace('0', '%30')}`,
    ]) {
      const before = asked();
      await ask(path);
      await ask(path);
      assert.equal(asked() - before, 2, path);
    }
  });

  it('are what the service has for staff, and for who asks for no copy', async () => {
    await versionAt();
    state.version += 1;
    assert.equal(await versionAt(address, { authorization: await bearer('staff') }), state.version);
    assert.equal(await versionAt(address, { 'cache-control': 'no-cache' }), state.version);
    assert.equal(await versionAt(address, { authorization: await bearer('customer') }), state.version - 1);
    const personal = await ask(address, { authorization: await bearer('customer') });
    assert.equal(personal.headers.get('cache-control'), 'private, no-store');
    assert.equal((await ask(address, { authorization: 'Bearer nonsense' })).status, 401);
  });

  it('are new at once after a write through this gateway, one that overtakes a load included', async () => {
    await versionAt();
    await versionAt('/api/products');
    const write = async (path: string): Promise<void> => {
      const answer = await fetch(shop.url + path, {
        method: 'POST',
        body: '{}',
        headers: { authorization: await bearer('admin'), 'content-type': 'application/json' },
      });
      assert.ok(answer.ok, `${path}: ${answer.status}`);
    };
    state.version += 1;
    await write(`/api/inventory/${id}/adjustments`);
    assert.deepEqual([await versionAt(), await versionAt('/api/products')], [state.version, state.version]);

    await write(`/api/inventory/${id}/adjustments`);
    const held = Promise.withResolvers<void>();
    state.hold = held.promise;
    products.seen.length = 0;
    const overtaken = versionAt();
    await until(() => products.seen.some(({ url }) => url === address), 'the load has begun');
    state.hold = Promise.resolve();
    state.version += 1;
    await write(`/api/inventory/${id}/adjustments`);
    assert.equal(await versionAt(), state.version, 'a load that began before the write is not waited for');
    held.resolve();
    assert.equal(await overtaken, state.version - 1);
    assert.equal(await versionAt(), state.version, 'nor is it kept');
  });

  it('say 304 to who has it, with and without coding, and nothing but a head to HEAD', async () => {
    const first = await ask(address);
    const tag = first.headers.get('etag') ?? '';
    for (const known of [tag, `W/${tag}`, '*', `"other", ${tag}`, tag.replace(/"$/, ';gz"')]) {
      const answer = await ask(address, { 'if-none-match': known });
      assert.deepEqual([answer.status, await answer.text()], [304, ''], known);
    }
    assert.equal((await ask(address, { 'if-none-match': '"other"' })).status, 200);
    const text = await rawExchange(shop.port, `HEAD ${address} HTTP/1.1\r\nHost: a\r\n\r\n`, (came) => came.includes('\r\n\r\n'));
    assert.match(text, /^HTTP\/1\.1 200 [\s\S]*content-length: \d\d+\r\n[\s\S]*\r\n\r\n$/i);
    assert.equal(asked(), 1);
  });

  it('say 304 with the tag of the form that the client has, whichever others are ready', async () => {
    const path = '/api/products?q=long';
    const tagOf = async (accept: string, known?: string): Promise<[number, string]> => {
      const fields = [
        'Host: a',
        'Connection: close',
        `Accept-Encoding: ${accept}`,
        ...(known === undefined ? [] : [`If-None-Match: ${known}`]),
      ];
      const text = await rawExchange(shop.port, `GET ${path} HTTP/1.1\r\n${fields.join('\r\n')}\r\n\r\n`);
      return [Number(text.slice(9, 12)), /\r\netag: ([^\r]*)/i.exec(text)?.[1] ?? ''];
    };
    const [, plain] = await tagOf('identity');
    const gz = plain.replace(/"$/, ';gz"');
    const br = plain.replace(/"$/, ';br"');
    await until(async () => (await tagOf('gzip'))[1] === gz && (await tagOf('br'))[1] === br, 'both forms are ready');
    for (const [accept, known, status, tag] of [
      ['gzip', plain, 304, plain],
      ['gzip', `W/${plain}`, 304, plain],
      ['gzip, br', gz, 304, gz],
      ['gzip, br', `${gz}, ${br}`, 304, br],
      ['gzip, br', '*', 304, br],
      ['gzip', br, 200, gz],
      ['identity', gz, 200, plain],
    ] as const)
      assert.deepEqual(await tagOf(accept, known), [status, tag], `${accept} with ${known}`);
  });

  it('have all fields whether their head is the one of all or of its own, and none of another answer', async () => {
    const headOf = async (path: string, ...more: string[]): Promise<string[]> => {
      const bytes = `GET ${path} HTTP/1.1\r\n${['Host: a', ...more].join('\r\n')}\r\n\r\n`;
      const [head = ''] = (await rawExchange(shop.port, bytes, (came) => came.includes('\r\n\r\n'))).split('\r\n\r\n');
      const changing = /^(?:age|date|connection|keep-alive|x-correlation-id|traceparent):/i;
      const [status = '', ...fields] = head.split('\r\n').map((line) => line.replace(changing, (name) => name.toLowerCase()));
      return [status, ...fields.map((line) => (changing.test(line) ? (line.split(':')[0] as string) : line)).sort()];
    };
    const long = '/api/products?q=long';
    for (const [path, ...fields] of [[address], [address, 'If-None-Match: *'], [long, 'Accept-Encoding: gzip'], [long]] as [
      string,
      ...string[],
    ][]) {
      await until(
        async () => JSON.stringify(await headOf(path, ...fields)).includes('gzip') === fields.join().includes('gzip'),
        'the coding is made',
      );
      const of_all = [await headOf(path, ...fields), await headOf(path, ...fields)];
      // Node writes the head of an answer that ends its connection.
      const own = (await headOf(path, ...fields, 'Connection: close')).concat('keep-alive').sort();
      for (const head of of_all) assert.deepEqual(head.toSorted(), own, `${path} ${fields}`);
    }
    const customer = await ask(address, { authorization: await bearer('customer') });
    assert.equal(customer.headers.get('cache-control'), 'private, no-store');
    assert.equal((await ask(address)).headers.get('cache-control'), 'public, max-age=1, stale-while-revalidate=5, stale-if-error=300');
  });

  it('come in the coding the client likes best, made once, with a tag of its own that writes may name', async () => {
    const path = '/api/products?q=long';
    const raw = async (accept: string): Promise<{ coding: string | undefined; body: Buffer; tag: string }> => {
      const text = await rawExchange(
        shop.port,
        `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAccept-Encoding: ${accept}\r\n\r\n`,
      );
      const end = text.indexOf('\r\n\r\n');
      const field = (name: string): string | undefined => new RegExp(`\\r\\n${name}: ([^\\r]*)`, 'i').exec(text.slice(0, end))?.[1];
      return { coding: field('content-encoding'), body: Buffer.from(text.slice(end + 4), 'latin1'), tag: field('etag') ?? '' };
    };
    const decode = { gzip: gunzipSync, br: brotliDecompressSync, zstd: zstdDecompressSync } as const;
    for (const [accept, coding] of [
      ['gzip', 'gzip'],
      ['gzip;q=0.5, br', 'br'],
      ['zstd, gzip;q=0', 'zstd'],
    ] as const) {
      await until(async () => (await raw(accept)).coding === coding, `${accept} is answered with ${coding}`);
      const { body, tag } = await raw(accept);
      assert.match(decode[coding](body).toString(), /^\{"version":\d+,"long":"words /);
      assert.match(tag, /;(gz|br|zs)"$/);
    }
    for (const accept of ['identity', 'gzip;q=0', '*;q=0']) assert.equal((await raw(accept)).coding, undefined, accept);

    await fetch(shop.url + address, {
      method: 'PUT',
      body: '{}',
      headers: { authorization: await bearer('staff'), 'content-type': 'application/json', 'if-match': `"1~${id};gz"` },
    });
    assert.equal(products.seen.at(-1)?.headers['if-match'], `"1~${id}"`);
  });

  it('go on while the service is away, and say so; without a copy the reason is told', async () => {
    await versionAt();
    state.status = 503;
    await until(async () => (await ask(address)).headers.has('cache-status'), 'the copy is older than a second');
    const answer = await ask(address);
    assert.deepEqual([answer.status, ((await answer.json()) as { version: number }).version], [200, state.version]);
    assert.match(answer.headers.get('cache-status') ?? '', /^souk; hit; ttl=-?\d+; detail=service-away$/);
    const other = await ask('/api/categories');
    assert.equal(other.status, 503);
    state.status = 200;
    await until(async () => !(await ask(address)).headers.has('cache-status'), 'the service is asked again');
  });

  it('keep no refusals', async () => {
    state.status = 404;
    assert.equal((await ask(address)).status, 404);
    state.status = 200;
    assert.equal((await ask(address)).status, 200);
  });
});
