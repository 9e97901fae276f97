/** The API as each version of Souk has published it: one OpenAPI document for each, of which that of the present version is renewed. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { apiChanges, type DescribedApi, openApiDocument } from '@souk/contracts/reference';
import type { Document } from './document.ts';

export const releaseFolder = 'packages/contracts/releases/';
const named = /^openapi\.(\d+)\.(\d+)\.(\d+)\.json$/;

export interface ApiRelease {
  version: string;
  api: DescribedApi;
}

/** The document of the present version. */
export function presentRelease(): Document {
  const version = presentVersion();
  return { path: `${releaseFolder}openapi.${version}.json`, text: `${JSON.stringify(openApiDocument(version), null, 1)}\n` };
}

/** All versions, the oldest first; the present one as the code declares it now. */
export function apiReleases(root: URL): ApiRelease[] {
  const present = presentVersion();
  const earlier = committedReleases(root).filter(({ version }) => version !== present);
  return [...earlier, { version: present, api: openApiDocument(present) }];
}

/** What the present API breaks of the last one that is committed; a route may go once its `Sunset` is over. */
export function apiBreaks(root: URL, today: string): string[] {
  const last = committedReleases(root).at(-1);
  return last === undefined ? [] : apiChanges(last.api, openApiDocument(presentVersion()), today).breaking;
}

function committedReleases(root: URL): ApiRelease[] {
  const folder = new URL(releaseFolder, root);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => named.test(name))
    .sort((left, right) => rankOf(left) - rankOf(right))
    .map((name) => {
      const api = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as DescribedApi & {
        info: { version: string };
      };
      return { version: api.info.version, api };
    });
}

/** Grows with the version. */
function rankOf(name: string): number {
  const [major = 0, minor = 0, patch = 0] = (named.exec(name) ?? []).slice(1).map(Number);
  return (major * 1_000 + minor) * 1_000 + patch;
}

function presentVersion(): string {
  return (JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { version: string }).version;
}
