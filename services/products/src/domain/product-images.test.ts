import assert from 'node:assert/strict';
import { test } from 'node:test';
import { imagesMax } from '@souk/contracts';
import { arranged, imageResource, type StoredImage, withImage, withoutImage } from './product-images.ts';

const image = (hash: string, alt = ''): StoredImage => ({ hash, alt, width: 2_000, height: 1_000 });
const product = (...images: StoredImage[]) => ({ images, version: 3, updated_at: '2026-01-01T00:00:00.000Z' });
const now_ms = Date.UTC(2026, 5, 1);
const hashes = ({ images }: { images: readonly StoredImage[] }) => images.map(({ hash, alt }) => `${hash}:${alt}`);

test('a picture is added as the last one, once', () => {
  const after = withImage(product(image('a')), image('b', 'from behind'), now_ms);
  assert.deepEqual([hashes(after), after.version, after.updated_at], [['a:', 'b:from behind'], 4, '2026-06-01T00:00:00.000Z']);
  assert.equal(withImage(after, image('a', 'another text'), now_ms), after);
});

test('there is an end to the pictures of a product', () => {
  const full = product(...Array.from({ length: imagesMax }, (_none, index) => image(String(index))));
  assert.throws(() => withImage(full, image('x'), now_ms), { code: 'too_many_images' });
  assert.equal(withImage(full, image('0'), now_ms), full);
});

test('pictures are arranged, named anew and taken off; none comes from elsewhere or twice', () => {
  const before = product(image('a'), image('b'), image('c'));
  const after = arranged(before, [image('c', 'side'), image('a')], now_ms);
  assert.deepEqual([hashes(after), after.version], [['c:side', 'a:'], 4]);
  assert.equal(arranged(before, before.images, now_ms), before);
  for (const wanted of [[image('x')], [image('a'), image('a')]])
    assert.throws(() => arranged(before, wanted, now_ms), { code: 'image_unknown' });
  assert.deepEqual(hashes(withoutImage(before, 'b', now_ms)), ['a:', 'c:']);
  assert.equal(withoutImage(before, 'x', now_ms), before);
});

test('no source is wider than the picture', () => {
  const widths = (width: number) => imageResource({ ...image('a'), width }).sources.map((source) => source.width);
  assert.deepEqual(
    [widths(100), widths(400), widths(401), widths(1_000), widths(5_000)],
    [[100], [400], [400, 401], [400, 800, 1_000], [400, 800, 1_200]],
  );
});
