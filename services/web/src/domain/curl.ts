import type { Operation } from '@souk/contracts/reference';
import { bodyExampleOf, exampleOf } from '@souk/contracts/reference';

type Schema = { properties?: Readonly<Record<string, object>>; required?: readonly string[] } | undefined;

/** A request as a command line; SHOP is the address of the shop, TOKEN an access token. */
export function curlOf({ operation_id, route }: Operation): string {
  const { access, body, body_type, idempotent, method, path, waits } = route;
  const example = bodyExampleOf(operation_id, body);
  const lines = [
    `curl -s${method === 'GET' ? '' : ` -X ${method}`} "$SHOP${addressOf(path, route.params as Schema, route.query as Schema)}"`,
    ...(access === 'public' ? [] : ['-H "Authorization: Bearer $TOKEN"']),
    ...(idempotent ? ['-H "Idempotency-Key: $KEY"'] : []),
    ...(waits ? ["-H 'Prefer: wait=10'"] : []),
    ...(example === undefined ? [] : [`-H 'Content-Type: ${body_type ?? 'application/json'}'`, dataOf(example)]),
  ];
  return lines.join(' \\\n  ');
}

function dataOf(example: unknown): string {
  if (typeof example === 'string') return `--data-binary $'${example.replaceAll('\n', '\\n')}'`;
  return `-d '${JSON.stringify(example).replaceAll("'", "'\\''")}'`;
}

function addressOf(path: string, params: Schema, query: Schema): string {
  const filled = path.replaceAll(/\{([a-z_]+)\}/g, (_all, name: string) => exampleText(params?.properties?.[name] ?? {}, name));
  const needed = (query?.required ?? []).map((name) => `${name}=${exampleText(query?.properties?.[name] ?? {}, name)}`);
  return needed.length === 0 ? filled : `${filled}?${needed.join('&')}`;
}

function exampleText(member: object, name: string): string {
  return encodeURIComponent(String(exampleOf(member, {}, name)));
}
