/**
 * A process that makes the widths of pictures and can do nothing else: what strangers drew is decoded apart from the shop's secrets
 * and connections, and a decoder that falls takes no request with it.
 */
import sharp from 'sharp';
import { type ConvertedPicture, mediaWidths } from '../domain/media.ts';
import type { PictureAnswer } from './picture-converter.ts';

const pixelsMax = 40_000_000;
const seconds = 15;
/** Of a picture that is much taller than wide: WebP ends at 16,383 pixels. */
const tallest = 4;
const quality = 80;
const readable = ['Jpeg', 'Png', 'Webp', 'Heif'].flatMap((format) => [`VipsForeignLoad${format}Buffer`]);

// What the library could read beside is much, SVG and PDF among it: all is closed but four.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: readable });
sharp.concurrency(1);
sharp.cache(false);

async function convert(bytes: Uint8Array): Promise<PictureAnswer> {
  const options = { limitInputPixels: pixelsMax, failOn: 'error', autoOrient: true } as const;
  const { autoOrient } = await sharp(bytes, options).metadata();
  const { width, height } = autoOrient;
  const pictures: ConvertedPicture[] = [];
  for (const most of mediaWidths) {
    const resized = sharp(bytes, options).resize({ width: most, height: most * tallest, fit: 'inside', withoutEnlargement: true });
    // Metadata (place, camera, thumbnail) is left behind where nothing asks for it.
    pictures.push({ width: most, bytes: await resized.webp({ quality }).timeout({ seconds }).toBuffer() });
  }
  return { width, height, pictures };
}

process.on('message', (bytes: Uint8Array) => {
  convert(bytes).then(
    (answer) => process.send?.(answer),
    (error: Error) => process.send?.({ refused: error.message.split('\n')[0] ?? '' } satisfies PictureAnswer),
  );
});
process.on('disconnect', () => process.exit(0));
process.send?.({ ready: true } satisfies PictureAnswer);
