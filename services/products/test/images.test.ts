import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { deflateSync } from 'node:zlib';
import type { Product } from '@souk/contracts';
import sharp from 'sharp';
import { createPictureConverter } from '../src/clients/picture-converter.ts';
import { removeUnusedMedia } from '../src/use-cases/remove-unused-media.ts';
import { type Answered, openShop, type Problem, type Shop } from './_support.ts';

type Answer = Product & Pick<Problem, 'code' | 'detail'>;

let folder: string;
let shop: Shop;

const drawn = (width: number, height: number, red: number) =>
  sharp({ create: { width, height, channels: 3, background: { r: red, g: 80, b: 160 } } });

const upload = async (product_id: string, bytes: Uint8Array | string, headers: Record<string, string> = {}, query = '') => {
  const response = await fetch(`${shop.url}/api/products/${product_id}/images${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${shop.staff}`, 'content-type': 'image/png', ...headers },
    body: typeof bytes === 'string' ? bytes : Buffer.from(bytes),
  });
  return { status: response.status, body: (await response.json()) as Answer };
};
const media = (url: string, headers: Record<string, string> = {}) => fetch(`${shop.url}${url}`, { headers });
const filesIn = async () => (await readdir(folder, { recursive: true })).filter((name) => name.includes('-'));
const read = async (id: string) => (await shop.call('GET', `/api/products/${id}`)) as Answered<Product>;

/** A PNG of one colour as large as wanted, in few bytes: 81 megapixels in 80 kB. */
function bomb(side: number): Buffer {
  const crcs = Array.from({ length: 256 }, (_none, value) => {
    let crc = value;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    return crc >>> 0;
  });
  const chunk = (type: string, content: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), content]);
    const framed = Buffer.alloc(body.length + 8);
    framed.writeUInt32BE(content.length);
    body.copy(framed, 4);
    framed.writeUInt32BE(
      (body.reduce((crc, byte) => (crcs[(crc ^ byte) & 255] ?? 0) ^ (crc >>> 8), 0xffffffff) ^ 0xffffffff) >>> 0,
      body.length + 4,
    );
    return framed;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(side);
  head.writeUInt32BE(side, 4);
  head[8] = 1;
  const lines = deflateSync(Buffer.alloc((Math.ceil(side / 8) + 1) * side), { level: 9 });
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', head),
    chunk('IDAT', lines),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'souk-media-'));
  shop = await openShop({ media_folder: folder });
});
after(async () => {
  await shop?.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('pictures of products', () => {
  it('are turned upright, kept in three widths without what the camera knew, and shown with the product', async () => {
    const { id, version } = await shop.add();
    const photograph = await drawn(1_600, 900, 10)
      .withExif({ ['IFD0']: { ['Artist']: 'Carla' } })
      .jpeg()
      .toBuffer();
    const turned = await sharp(photograph).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const added = await upload(id, turned, { 'content-type': 'image/jpeg' }, '?alt=A%20lamp');
    assert.equal(added.status, 201, JSON.stringify(added.body));
    const [image] = added.body.images;
    assert.deepEqual([added.body.version, image?.alt, image?.width, image?.height], [version + 1, 'A lamp', 900, 1_600]);
    assert.deepEqual(
      image?.sources.map(({ width, url }) => [width, url]),
      [
        [400, `/media/${image?.hash}-400.webp`],
        [800, `/media/${image?.hash}-800.webp`],
        [900, `/media/${image?.hash}-1200.webp`],
      ],
    );
    assert.deepEqual((await read(id)).body.images, added.body.images);
    for (const { width, url } of image?.sources ?? []) {
      const answer = await media(url);
      const stored = await sharp(Buffer.from(await answer.arrayBuffer())).metadata();
      assert.deepEqual([stored.format, stored.width, stored.exif, stored.orientation], ['webp', width, undefined, undefined]);
      assert.deepEqual(
        ['content-type', 'cache-control', 'content-security-policy', 'x-content-type-options'].map((name) => answer.headers.get(name)),
        ['image/webp', 'public, max-age=31536000, immutable', "default-src 'none'; sandbox", 'nosniff'],
      );
    }
  });

  it('are served in parts, and not again to who has them', async () => {
    const { id } = await shop.add();
    const { body } = await upload(id, await drawn(500, 400, 20).webp().toBuffer());
    const url = body.images[0]?.sources[0]?.url ?? '';
    const whole = await media(url);
    assert.equal((await media(url, { 'if-none-match': whole.headers.get('etag') ?? '' })).status, 304);
    const part = await media(url, { range: 'bytes=0-3' });
    assert.deepEqual([part.status, await part.text()], [206, 'RIFF']);
    for (const name of [`${'0'.repeat(64)}-400.webp`, '..%2f..%2fetc%2fpasswd', `${body.images[0]?.hash}-401.webp`])
      assert.ok([400, 404].includes((await media(`/media/${name}`)).status), name);
  });

  it('are taken from nothing but JPEG, PNG, WebP and AVIF, whatever they call themselves', async () => {
    const { id, version } = await shop.add();
    for (const [kind, picture] of [
      ['jpeg', drawn(20, 20, 1).jpeg()],
      ['png', drawn(20, 20, 2).png()],
      ['webp', drawn(20, 20, 3).webp()],
      ['avif', drawn(20, 20, 4).avif({ effort: 0 })],
    ] as const)
      assert.equal((await upload(id, await picture.toBuffer(), { 'content-type': 'image/gif' })).status, 201, kind);
    const png = await drawn(300, 300, 5).png().toBuffer();
    const refused: [string, Uint8Array | string][] = [
      ['script', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
      ['a script behind spaces', `${' '.repeat(600)}<svg xmlns="http://www.w3.org/2000/svg"/>`],
      ['GIF', await drawn(20, 20, 6).gif().toBuffer()],
      ['TIFF', await drawn(20, 20, 7).tiff().toBuffer()],
      ['nothing', ''],
      ['a picture cut off', png.subarray(0, png.length / 2)],
      [
        'script that begins like a picture',
        Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.from('<svg onload="alert(1)"/>')]),
      ],
      ['81 megapixels in few bytes', bomb(9_000)],
    ];
    for (const [what, bytes] of refused) {
      const { status, body } = await upload(id, bytes);
      assert.deepEqual([status, body.code], [400, 'image_invalid'], what);
    }
    assert.match((await upload(id, bomb(9_000))).body.detail, /more than 40 million pixels/);
    assert.equal((await upload(id, png, { 'content-type': 'text/html' })).status, 415);
    assert.equal((await upload(id, Buffer.alloc(10 * 1024 * 1024 + 1))).status, 413);
    assert.equal((await read(id)).body.version, version + 4);
  });

  it('come once, however often they are sent, and no more of them than there may be, however many send', async () => {
    const { id, version } = await shop.add();
    const same = await drawn(30, 30, 8).png().toBuffer();
    const repeats = await Promise.all(Array.from({ length: 8 }, () => upload(id, same)));
    assert.deepEqual([...new Set(repeats.map(({ status, body }) => `${status} ${body.version}`))], [`201 ${version + 1}`]);
    const others = await Promise.all(
      Array.from({ length: 24 }, (_none, index) =>
        drawn(8, 8, 10 + index)
          .png()
          .toBuffer(),
      ),
    );
    const statuses: number[] = [];
    for (let at = 0; at < others.length; at += 8)
      statuses.push(...(await Promise.all(others.slice(at, at + 8).map((bytes) => upload(id, bytes)))).map(({ status }) => status));
    assert.deepEqual([statuses.filter((status) => status === 201).length, statuses.filter((status) => status === 409).length], [19, 5]);
    assert.equal((await read(id)).body.images.length, 20);
  });

  it('are arranged, named and taken off, each time under the version that was seen', async () => {
    const { id } = await shop.add();
    for (const red of [100, 101, 102]) await upload(id, await drawn(20, 20, red).png().toBuffer());
    const { body, headers } = await read(id);
    const [first, second, third] = body.images.map(({ hash }) => hash);
    const put = (images: unknown, more: Record<string, string> = {}) =>
      shop.call<Answer>('PUT', `/api/products/${id}/images`, { images }, more);
    const wanted = [
      { hash: third, alt: 'Side' },
      { hash: first, alt: '' },
    ];
    const arranged = await put(wanted, { 'if-match': headers.get('etag') ?? '' });
    assert.deepEqual(
      arranged.body.images.map(({ hash, alt }) => ({ hash, alt })),
      wanted,
    );
    assert.equal((await put(wanted, { 'if-match': headers.get('etag') ?? '' })).status, 412);
    assert.deepEqual((await put([{ hash: second, alt: '' }])).body.code, 'image_unknown');
    for (const _twice of [1, 2]) assert.equal((await shop.call('DELETE', `/api/products/${id}/images/${third}`)).status, 204);
    assert.deepEqual(
      (await read(id)).body.images.map(({ hash }) => hash),
      [first],
    );
    assert.deepEqual((await shop.call<Product>('PATCH', `/api/products/${id}`, { price: 5 })).body.images.length, 1);
    await shop.call('DELETE', `/api/products/${id}`);
    assert.equal((await put([])).body.code, 'product_archived');
    assert.equal((await upload(id, await drawn(20, 20, 103).png().toBuffer())).body.code, 'product_archived');
    assert.equal((await upload('01a22678-49f7-7a74-9e35-1d364d430016', await drawn(20, 20, 103).png().toBuffer())).status, 404);
  });

  it('stay a week after their last upload; then those that no product shows go, and come back with the next upload', async () => {
    const { id } = await shop.add();
    const [kept, unused] = await Promise.all([drawn(40, 40, 200).png().toBuffer(), drawn(40, 40, 201).png().toBuffer()]);
    await upload(id, kept);
    const { body } = await upload(id, unused);
    const [shown, gone] = body.images.map(({ hash }) => hash);
    await shop.call('DELETE', `/api/products/${id}/images/${gone}`);
    const { context } = shop.service;
    const letDaysPass = () => context.db.query(`update media set used_at = used_at - interval '8 days'`);
    const removeAll = async () => {
      while (await removeUnusedMedia(context));
    };
    await removeAll();
    assert.equal((await filesIn()).filter((name) => name.includes(gone ?? '')).length, 3);
    await letDaysPass();
    await removeAll();
    assert.equal((await filesIn()).filter((name) => name.includes(gone ?? '')).length, 0);
    assert.equal((await filesIn()).filter((name) => name.includes(shown ?? '')).length, 3);
    for (let round = 0; round < 5; round += 1) {
      const [again] = await Promise.all([upload(id, unused), removeAll()]);
      assert.equal(again.status, 201, JSON.stringify(again.body));
      assert.equal((await media(again.body.images.at(-1)?.sources[0]?.url ?? '')).status, 200, `round ${round}`);
      await shop.call('DELETE', `/api/products/${id}/images/${gone}`);
      await letDaysPass();
    }
  });

  it('cannot bring the shop to a halt: a decoder that does not end is ended, and the next picture is read', async () => {
    const converter = createPictureConverter({ timeout_ms: 1 });
    const png = await drawn(20, 20, 1).png().toBuffer();
    await assert.rejects(converter.convert(png), /no answer after 1 ms/);
    converter.close();
    const patient = createPictureConverter({ idle_ms: 1 });
    const [left, right] = await Promise.all([patient.convert(png), patient.convert(png)]);
    assert.deepEqual([left.width, right.pictures.length], [20, 3]);
    patient.close();
  });
});
