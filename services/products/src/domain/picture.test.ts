import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'csv-parse/sync';
import { drawPicture, pictureCalled } from './picture.ts';
import { details } from './picture-details.ts';
import { likenessOf } from './picture-words.ts';
import { picturesByName } from './sample-picture.ts';

const bytesMax = 18_000;
const rowsOf = (file: string): string[][] =>
  (parse(readFileSync(new URL(`../../templates/${file}`, import.meta.url))) as string[][]).slice(1);
const pictures = picturesByName(rowsOf('sample-pictures.csv'));
const products = rowsOf('sample-products.csv').map(([sku = '', , , , , image_url = '', group_id = '', , , colour = '', size = '']) => {
  return { product: group_id || sku, file: image_url.split('/').at(-1) ?? '', colour, size };
});

type Matrix = readonly [number, number, number, number, number, number];

const times = ([a, b, c, d, e, f]: Matrix, [g, h, i, j, k, l]: Matrix): Matrix => [
  a * g + c * h,
  b * g + d * h,
  a * i + c * j,
  b * i + d * j,
  a * k + c * l + e,
  b * k + d * l + f,
];

/** What a `transform` attribute says. Fails for what it does not know. */
function matrixOf(transform: string): Matrix {
  let matrix: Matrix = [1, 0, 0, 1, 0, 0];
  for (const [, name = '', list = ''] of transform.matchAll(/(\w+)\(([^)]*)\)/g)) {
    const [first = Number.NaN, second, third] = list.split(/[ ,]+/).map(Number);
    const turn = (first * Math.PI) / 180;
    const turned: Matrix = [Math.cos(turn), Math.sin(turn), -Math.sin(turn), Math.cos(turn), 0, 0];
    if (name === 'translate') matrix = times(matrix, [1, 0, 0, 1, first, second ?? 0]);
    else if (name === 'scale') matrix = times(matrix, [first, 0, 0, second ?? first, 0, 0]);
    else if (name !== 'rotate') assert.fail(`unknown transform ${name}`);
    else if (second === undefined || third === undefined) matrix = times(matrix, turned);
    else matrix = times(times(times(matrix, [1, 0, 0, 1, second, third]), turned), [1, 0, 0, 1, -second, -third]);
  }
  return matrix;
}

const lengths: Readonly<Record<string, number>> = { M: 2, L: 2, T: 2, H: 1, V: 1, C: 6, Q: 4, S: 4, A: 7, Z: 0 };

/** The ends of the strokes of a path. Fails for a path that a browser would cut short. */
function endsOf(d: string): [number, number][] {
  assert.match(d, /^[MmLlHhVvCcQqTtSsAaZz\d\s.,e-]+$/, d);
  const ends: [number, number][] = [];
  let [x, y, beginX, beginY] = [0, 0, 0, 0];
  for (const [, command = '', list = ''] of d.matchAll(/([a-z])([^a-z]*)/gi)) {
    const numbers = (list.match(/-?(?:\d+\.?\d*|\.\d+)/g) ?? []).map(Number);
    const length = lengths[command.toUpperCase()] ?? assert.fail(`unknown command ${command} in ${d}`);
    assert.ok(length === 0 ? numbers.length === 0 : numbers.length > 0 && numbers.length % length === 0, `${command}${list} in ${d}`);
    const isRelative = command === command.toLowerCase();
    for (let at = 0; at < numbers.length; at += length) {
      const last = numbers.slice(at, at + length);
      const [endX, endY] = [last.at(-2) ?? 0, last.at(-1) ?? 0];
      if (/h/i.test(command)) x = endY + (isRelative ? x : 0);
      else if (/v/i.test(command)) y = endY + (isRelative ? y : 0);
      else [x, y] = isRelative ? [x + endX, y + endY] : [endX, endY];
      if (/m/i.test(command) && at === 0) [beginX, beginY] = [x, y];
      ends.push([x, y]);
    }
    if (/z/i.test(command)) [x, y] = [beginX, beginY];
  }
  return ends;
}

function cornersOf(tag: string, attributes: ReadonlyMap<string, string>): [number, number][] {
  const of = (name: string) => Number(attributes.get(name) ?? 0);
  if (tag === 'path') return endsOf(attributes.get('d') ?? '');
  const [x, y, width, height] =
    tag === 'rect'
      ? [of('x'), of('y'), of('width'), of('height')]
      : [of('cx') - (of('rx') || of('r')), of('cy') - (of('ry') || of('r')), 2 * (of('rx') || of('r')), 2 * (of('ry') || of('r'))];
  assert.ok(width > 0 && height > 0, `an empty ${tag}`);
  return [
    [x, y],
    [x + width, y + height],
  ];
}

/** Corners of all that is drawn, and the elements, each closed in its turn. Light and shadow may fall outside. */
function readDrawing(svg: string): { corners: [number, number][]; shapes: number } {
  const open: { tag: string; matrix: Matrix }[] = [];
  const corners: [number, number][] = [];
  let shapes = 0;
  for (const [, close, tag = '', list = '', alone] of svg.matchAll(/<(\/?)(\w+)((?:\s[\w-]+="[^"<]*")*)(\/?)>/g)) {
    if (close) {
      assert.equal(open.pop()?.tag, tag);
      continue;
    }
    const attributes = new Map([...list.matchAll(/\s([\w-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]));
    const matrix = times(open.at(-1)?.matrix ?? [1, 0, 0, 1, 0, 0], matrixOf(attributes.get('transform') ?? ''));
    const isShape = ['path', 'rect', 'ellipse', 'circle'].includes(tag);
    const isPaint = open.some(({ tag: outer }) => outer === 'defs');
    if (isShape && !isPaint) {
      shapes += 1;
      const isLight = /url\(#(?:glow|shadow)\)/.test(attributes.get('fill') ?? '');
      for (const [x, y] of cornersOf(tag, attributes)) {
        const [a, b, c, d, e, f] = matrix;
        if (!isLight) corners.push([a * x + c * y + e, b * x + d * y + f]);
      }
    }
    if (!alone) open.push({ tag, matrix });
  }
  assert.deepEqual(open, []);
  return { corners, shapes };
}

test('every product of the sample has a motif of its own, and each of its colours and sizes the picture it needs', () => {
  const productOf = new Map<unknown, string>();
  for (const { product, file, colour, size } of products) {
    const picture = pictures.get(file) ?? assert.fail(`${file} is not in the table`);
    assert.equal(productOf.get(picture.motif.draw) ?? product, product, `${product} looks like another product`);
    productOf.set(picture.motif.draw, product);
    assert.ok(file.startsWith(product), `${file} is not named after ${product}`);
    if (colour) assert.ok(picture.colour !== undefined && file.includes(colour.toLowerCase()), `${file} is not ${colour}`);
    assert.ok(picture.scale === 1 || size !== '', `${file} is drawn smaller for no reason`);
  }
  const used = new Set(products.map(({ file }) => file));
  assert.deepEqual(
    [...pictures.keys()].filter((name) => !used.has(name)),
    [],
  );
});

test('colours and sizes of a product can be told apart by their pictures', () => {
  const drawn = new Map<string, string>();
  for (const picture of pictures.values()) {
    const svg = drawPicture({ ...picture, title: '' });
    assert.equal(drawn.get(svg), undefined, picture.name);
    drawn.set(svg, picture.name);
  }
});

test('every picture is a small well-formed drawing within its frame, the same each time', () => {
  for (const picture of pictures.values()) {
    const svg = drawPicture(picture);
    assert.equal(svg, drawPicture(picture));
    assert.ok(Buffer.byteLength(svg) <= bytesMax, `${picture.name} has ${Buffer.byteLength(svg)} bytes`);
    assert.doesNotMatch(svg, /NaN|undefined|Infinity|<(?:script|style|image|use|text|foreignObject)|href|\son\w+=/);
    for (const [, id = ''] of svg.matchAll(/url\(#(\w+)\)/g)) assert.ok(svg.includes(`id="${id}"`), `${picture.name} lacks ${id}`);
    const { corners, shapes } = readDrawing(svg);
    assert.ok(shapes >= 6, `${picture.name} has ${shapes} shapes`);
    const outside = corners.filter(([x, y]) => x < -36 || y < -36 || x > 436 || y > 436);
    assert.deepEqual(outside, [], picture.name);
    const inside = corners.filter(([x, y]) => x >= 0 && y >= 0 && x <= 400 && y <= 400);
    assert.ok(
      inside.length >= corners.length * 0.8,
      `${picture.name} lies outside by ${corners.length - inside.length} of ${corners.length}`,
    );
  }
});

test('every picture of the sample has a closer one, of the place that its motif says', () => {
  for (const picture of pictures.values()) {
    assert.ok(details[picture.motif.name], `${picture.motif.name} has no place`);
    const closer = pictureCalled(picture.name.replace('.svg', '-detail.svg'), pictures) ?? assert.fail(picture.name);
    assert.equal(closer.title, `${picture.title}, detail`);
    const svg = drawPicture(closer);
    assert.notEqual(svg, drawPicture(picture));
    const seen = readDrawing(svg).corners.filter(([x, y]) => x >= 0 && y >= 0 && x <= 400 && y <= 400);
    assert.ok(seen.length >= 8, `${picture.name} shows nothing`);
  }
  for (const name of ['nothing.svg', 'nothing-detail.svg', 'hammock-detail-detail.svg', '-detail.svg', 'like.svg']) {
    assert.equal(pictureCalled(name, pictures), undefined, name);
  }
});

test('the names of the sample lead to their own motifs and colours, without the table', () => {
  // Both are chopping boards; only the drawing of one has a groove.
  const alike = 'walnut-chopping-board';
  for (const { name, motif, colour } of pictures.values()) {
    const likeness = likenessOf(name.slice(0, -'.svg'.length));
    if (!name.startsWith(alike)) assert.equal(likeness.motif, motif.name, name);
    assert.equal(likeness.colour, colour, name);
  }
});

const likenesses: readonly [name: string, motif: string][] = [
  ['oak-folding-stool', 'folding stool'],
  ['pocket-torch', 'torch'],
  ['led-torches', 'torch'],
  ['table-lamp-brass', 'bedside lamp'],
  ['entrance-mats', 'door mat'],
  ['coffee-grinder', 'coffee grinder'],
  ['coffee', 'tea caddy'],
  ['picture-frame-30x40', 'picture frame'],
  ['mug-with-spoon', 'mug'],
  ['brush-for-shoes', 'nail brush'],
  ['set-of-knives', "chef's knife"],
  ['running-shoes', 'shoe'],
  ['sun-glasses', 'glasses'],
  ['kochmesser-20cm', "chef's knife"],
  ['tasse-bleue', 'mug'],
  ['dress', 'dress'],
  ['gift-voucher', 'carton'],
  ['--', 'carton'],
  ['', 'carton'],
  ['constructor', 'carton'],
];

for (const [name, motif] of likenesses) {
  test(`${name || 'no word'} is drawn as ${motif}`, () => {
    assert.equal(likenessOf(name).motif, motif);
    const picture = pictureCalled(`like-${name}.svg`, pictures) ?? assert.fail();
    assert.equal(picture.motif.name, motif);
    assert.ok(readDrawing(drawPicture(picture)).shapes >= 6);
  });
}

test('a title cannot leave its place', () => {
  const [picture] = [...pictures.values()];
  assert.ok(picture);
  const svg = drawPicture({ ...picture, title: '"><script>alert(1)</script>&\'' });
  assert.doesNotMatch(svg, /<script|"">/);
  assert.ok(readDrawing(svg).shapes > 0);
});
