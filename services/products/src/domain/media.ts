/** Pictures that are uploaded: what counts as one, what is made of it, and where that is kept. */

/** The widths in which every picture is kept, in pixels. */
export const mediaWidths = [400, 800, 1_200] as const;

/** One picture in one width, in WebP. */
export interface ConvertedPicture {
  width: (typeof mediaWidths)[number];
  bytes: Uint8Array;
}

export interface Conversion {
  /** Of the picture as it was uploaded, turned upright. */
  width: number;
  height: number;
  pictures: readonly ConvertedPicture[];
}

/** Makes the widths of a picture, one picture at a time. */
export interface PictureConverter {
  /** Rejects with `image_invalid` for what cannot be read as a picture, and with `overloaded` when too many wait. */
  convert(bytes: Uint8Array): Promise<Conversion>;
  close(): void;
}

/** Where files of pictures are kept; all instances of the service see the same ones. */
export interface MediaStorage {
  /** Undefined where there is no such file. */
  read(name: string): Promise<Uint8Array | undefined>;
  /** A file is there whole or not at all. */
  save(name: string, bytes: Uint8Array): Promise<void>;
  has(name: string): Promise<boolean>;
  /** What is not there counts as removed. */
  remove(name: string): Promise<void>;
}

export type ImageFormat = 'jpeg' | 'png' | 'webp' | 'avif';

const jpegStart = [0xff, 0xd8, 0xff];
const pngStart = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const brandsAt = 16;

/** What the first bytes say; undefined for everything else, SVG among it, which is script. Names and headers say nothing. */
export function imageFormatOf(bytes: Uint8Array): ImageFormat | undefined {
  if (startsWith(bytes, jpegStart)) return 'jpeg';
  if (startsWith(bytes, pngStart)) return 'png';
  if (textAt(bytes, 0) === 'RIFF' && textAt(bytes, 8) === 'WEBP') return 'webp';
  return textAt(bytes, 4) === 'ftyp' && brandsOf(bytes).some((brand) => brand === 'avif' || brand === 'avis') ? 'avif' : undefined;
}

/** The brands of a file of the ISO base media format (ISO 14496-12): its own, and those that it is compatible with. */
function brandsOf(bytes: Uint8Array): string[] {
  const length = Math.min(bytes.length, new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(0), 256);
  const brands = [textAt(bytes, 8)];
  for (let at = brandsAt; at + 4 <= length; at += 4) brands.push(textAt(bytes, at));
  return brands;
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return bytes.length >= start.length && start.every((byte, at) => bytes[at] === byte);
}

function textAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}

/** The name of a file of a picture, as its address ends. */
export function mediaName(hash: string, width: number): string {
  return `${hash}-${width}.webp`;
}
