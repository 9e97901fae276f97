/** `souk pictures`: starts a shop with some trade in it, opens its pages, and writes a picture of each with the page that lists them. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildFaces } from '@souk/faces';
import { startTestPostgres } from '@souk/platform/testing';
import type { Page } from 'playwright-core';
import { openBrowser } from './_browser.ts';
import { openPhotographedShop, type PhotographedShop } from './_photographed-shop.ts';
import { type Look, looks, type Scene, scenes } from './_scenes.ts';

const folder = fileURLToPath(new URL('../../docs/pictures/', import.meta.url));
/** Parts of the names of what is taken; none: everything. */
const wanted = process.argv.slice(2);
/** Longer pages are cut: a picture is to be looked at. */
const heightMax = 1_800;
const quality = 72;

const postgres = await startTestPostgres();
process.env.SOUK_TEST_POSTGRES_URL = postgres.superuser_url;
const faces = buildFaces();
await faces.done;
process.env.FACES_FOLDER = faces.folder;
const browser = await openBrowser();
let shop: PhotographedShop | undefined;
try {
  if (browser === undefined) throw new Error('Pictures need Chromium.');
  shop = await openPhotographedShop();
  await mkdir(folder, { recursive: true });
  const visited = new Map<string, Page>();
  for (const scene of scenes) {
    if (wanted.length > 0 && !wanted.some((part) => scene.name.includes(part))) continue;
    const page = await pageFor(visited, scene);
    const restore = await scene.before?.(shop);
    try {
      await scene.open(page, shop);
      await take(page, scene);
      process.stdout.write(`${scene.name}\n`);
    } finally {
      await restore?.();
    }
  }
  if (wanted.length === 0) await writeFile(join(folder, 'README.md'), list());
} finally {
  await browser?.close();
  await shop?.close();
  await postgres.stop();
}

/** Of the same person with the same look, scene after scene. */
async function pageFor(visited: Map<string, Page>, { as, look }: Scene): Promise<Page> {
  const key = `${as} ${look}`;
  const known = visited.get(key);
  if (known !== undefined && as !== 'stranger') return known;
  const { width, height, scheme } = looks[look] satisfies Look;
  const { page } = await (browser as NonNullable<typeof browser>).open({ width, height, scheme });
  if (as !== 'stranger') await shop?.signIn(page, as);
  visited.set(key, page);
  return page;
}

async function take(page: Page, { name, look }: Scene): Promise<void> {
  await page.evaluate(
    'document.fonts.ready.then(() => Promise.all([...document.images].map((image) => image.complete || new Promise((resolve) => { image.onload = image.onerror = resolve; image.loading = "eager"; }))))',
  );
  const { width, height } = looks[look];
  const tall = await page.evaluate<number>('document.documentElement.scrollHeight');
  const clip = { x: 0, y: 0, width, height: Math.min(Math.max(tall, height), heightMax), scale: 1 };
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality, clip, captureBeyondViewport: true });
  await writeFile(join(folder, `${name}.webp`), Buffer.from(data, 'base64'));
  await session.detach();
}

function list(): string {
  const rows = scenes.map(({ name, says }) => `| [${name}](${name}.webp) | ${says} |`);
  return [
    '# Pictures',
    '',
    'Taken by `npm run souk -- pictures` of a shop that it starts, with Chromium; `npm run souk -- pictures PART` takes those whose names contain it. Wide is 1280 pixels, phone 390.',
    '',
    '| Picture | What it shows |',
    '|---|---|',
    ...rows,
    '',
    'The pictures of the [status page](../status-page.md) are taken by its tests.',
    '',
  ].join('\n');
}
