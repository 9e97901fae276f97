import { apiChanges } from '@souk/contracts/reference';
import type { ApiRelease } from '../api-releases.ts';
import { code, page } from '../markdown.ts';

export function apiChangelogPage(releases: readonly ApiRelease[]): string {
  const newestFirst = releases.map((release, index) => section(release, releases[index - 1])).reverse();
  return page(
    'Changes of the API',
    `What clients may want to know of each version, from the OpenAPI documents in ${code('packages/contracts/releases/')}: one for each version, of which that of the present version is renewed with the code. Codes of refusals are not listed; a client treats one that it does not know by its status.`,
    [
      '## Which changes there can be',
      'Paths carry no version. Within a route only optional members are added to what clients send, and only members to what they are answered; a value of a list of choices, a limit or a status is not taken away. What has to break becomes a new route, or a member beside the old one. The old one is announced as deprecated: its answers carry `Deprecation` (RFC 9745), `Sunset` (RFC 8594) and `Link` with `rel="deprecation"`, and it may go when the day of `Sunset` is over. A test and `npm run generate` refuse everything else ([ADR 70](../adr/0070-each-version-keeps-its-openapi-document.md)).',
    ].join('\n\n'),
    ...newestFirst,
  );
}

function section({ version, api }: ApiRelease, before: ApiRelease | undefined): string {
  const heading = `## ${version}`;
  const count = Object.values(api.paths).reduce((sum, methods) => sum + Object.keys(methods).length, 0);
  if (before === undefined) return `${heading}\n\nThe first version with a document: ${count} routes.`;
  const { breaking, compatible } = apiChanges(before.api, api, '9999-12-31');
  const lines = [...breaking.map((line) => `**breaking** ${line}`), ...compatible];
  return `${heading}\n\n${lines.length === 0 ? 'No changes for clients.' : lines.map((line) => `- ${line}`).join('\n')}`;
}
