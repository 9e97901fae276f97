import { refusal } from '@souk/contracts';
import type { ProductsContext } from '../context.ts';

/** A file of a picture. Throws `not_found`. */
export async function getMedia({ media_storage }: ProductsContext, name: string): Promise<Buffer> {
  const bytes = await media_storage.read(name);
  if (bytes === undefined) throw refusal('not_found', 'There is no such picture.');
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
