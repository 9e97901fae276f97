/** The page of the console and its files: before they are built, when that failed, and when they are there. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { request } from 'undici';
import { aReference, type Web } from './_support.ts';

const script = "document.title = 'built';";

describe('the console', () => {
  let folder: string;
  let web: Web;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'souk-faces-'));
    web = await aReference({ FACES_FOLDER: folder, SHOP_NAME: 'Figs & Dates' });
  });
  after(async () => {
    await web.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const get = async (path: string, headers: Record<string, string> = {}) => {
    const { statusCode: status, headers: answered, body } = await request(`${web.url}${path}`, { headers });
    return { status, headers: answered, body: Buffer.from(await body.arrayBuffer()) };
  };

  it('says that its files are not there yet, or why they could not be built', async () => {
    const early = await get('/console');
    assert.deepEqual([early.status, early.headers['retry-after']], [503, '5']);
    assert.match(String(early.body), /they may be being built/);
    await writeFile(join(folder, 'problem.json'), JSON.stringify({ problem: 'ERROR: <b>no</b> such export' }));
    assert.match(String((await get('/console/orders')).body), /ERROR: &lt;b>no&lt;\/b> such export|ERROR: &lt;b&gt;no/);
    assert.equal((await get('/console/files/console-AAAAAAAA.js')).status, 404);
  });

  it('is one page at all its addresses as soon as they are there, under a policy that lets no other script in', async () => {
    await writeFile(join(folder, 'console-AAAAAAAA.js'), script);
    await writeFile(join(folder, 'console-AAAAAAAA.js.gz'), gzipSync(script));
    const files = { 'console-AAAAAAAA.js': { gzip_bytes: 9 } };
    const console_files = { script: 'console-AAAAAAAA.js', style: 'style-BBBBBBBB.css', preloaded: [], fonts: [], screens: ['orders'] };
    await writeFile(join(folder, 'manifest.json'), JSON.stringify({ console: console_files, files }));
    const pages = await Promise.all(['/console', '/console/orders?status=pending', '/console/orders/1'].map((path) => get(path)));
    for (const { status, headers, body } of pages) {
      assert.equal(status, 200);
      assert.equal(String(body), String(pages[0]?.body));
      assert.match(String(headers['content-security-policy']), /^default-src 'none'; script-src 'self'; .*trusted-types 'none'$/);
    }
    assert.match(String(pages[0]?.body), /data-shop="Figs &amp; Dates".*src="\/console\/files\/console-AAAAAAAA\.js"/s);
  });

  it('has no other screens than were built, and says so to people by the page itself', async () => {
    const page = await get('/console/nothing', { accept: 'text/html' });
    assert.deepEqual([page.status, page.headers['content-type']], [404, 'text/html; charset=utf-8']);
    assert.match(String(page.body), /id="console"/);
    assert.match(String((await get('/console/nothing')).headers['content-type']), /problem\+json/);
  });

  it('has files in the coding that a browser takes, kept for a year', async () => {
    const plain = await get('/console/files/console-AAAAAAAA.js');
    assert.deepEqual([String(plain.body), plain.headers['content-type']], [script, 'text/javascript; charset=utf-8']);
    assert.match(String(plain.headers['cache-control']), /immutable/);
    const coded = await get('/console/files/console-AAAAAAAA.js', { 'accept-encoding': 'gzip' });
    assert.deepEqual([coded.headers['content-encoding'], String(gunzipSync(coded.body))], ['gzip', script]);
    assert.equal((await get('/console/files/style-BBBBBBBB.css')).status, 404);
    assert.equal((await get('/console/files/manifest.json')).status, 400);
  });
});
