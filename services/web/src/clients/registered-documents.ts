/** Documents that a shop's own clients send by their hash, as files: a folder of `.graphql` files, or a JSON object of texts by hash. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { refusal } from '@souk/contracts';

/** The name of a document: SHA-256 of its text, in hexadecimal digits. */
export function documentId(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The texts by their ids; none without a path. Throws `config_invalid` when they cannot be read, or a hash is not that of its text. */
export function readRegisteredDocuments(path: string | undefined): ReadonlyMap<string, string> {
  if (path === undefined) return new Map();
  try {
    return statSync(path).isDirectory() ? ofFolder(path) : ofManifest(path);
  } catch (error) {
    throw refusal('config_invalid', `GRAPHQL_DOCUMENTS_PATH cannot be read: ${(error as Error).message}`, {}, error);
  }
}

function ofFolder(path: string): Map<string, string> {
  const names = readdirSync(path).filter((name) => name.endsWith('.graphql'));
  const texts = names.sort().map((name) => readFileSync(join(path, name), 'utf8'));
  return new Map(texts.map((text) => [documentId(text), text]));
}

function ofManifest(path: string): Map<string, string> {
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  for (const [id, text] of Object.entries(manifest))
    if (typeof text !== 'string' || documentId(text) !== id) throw new TypeError(`${id} is not the SHA-256 of its text`);
  return new Map(Object.entries(manifest) as [string, string][]);
}
