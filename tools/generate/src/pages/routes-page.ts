import {
  auditRecordsRoute,
  instanceStatusRoute,
  type RouteDeclaration,
  routes,
  scopesOf,
  serviceNames,
  switchChaosRoute,
} from '@souk/contracts';
import { code, codes, page, table } from '../markdown.ts';

const timeoutDefaultMs = 10_000;

export function routesPage(): string {
  return page(
    'Routes',
    'Every declared route, by the service that answers it. All but those of `internal` access are reachable through the gateway at the same path. A body that is not as declared, a member that is not known included, is refused with `validation_failed`. Texts of bodies and queries are kept in one form: Unicode NFC, without blanks around them and without characters that cannot be seen; a required one in which nothing is left is refused. Passwords stay as they were typed.',
    [
      '- **Access**: `public` needs no token (one that is sent must be valid); `authenticated` needs one, and the service checks whose resource it is; `staff` and `admin` need the role; `internal` needs the internal token; `chaos` the token of fault injection.',
      '- **Scope**: what an API key needs; a route without one is closed to API keys ([why](../adr/0073-api-keys-end-at-the-gateway.md)).',
      '- **Limit**: which rate limit counts the request (`auth`, `write`, `read`; [environment.md](environment.md) has the numbers).',
      '- **Idempotent**: honours `Idempotency-Key`.',
      `- **Wait**: the longest time the gateway waits for the answer, where it is not ${timeoutDefaultMs / 1_000} s.`,
    ].join('\n'),
    ...serviceNames.map((service) => [`## ${service}`, routeTable(routes.filter((route) => route.service === service))].join('\n\n')),
    [
      '## When changes are seen',
      'Who changed a product reads the change at once. `orders` learns of it by an event, usually within a tenth of a second: until then an order with the new total as `expected_total` is refused with `total_changed` (asking again a moment later succeeds), and a product that was just archived can still be ordered. `sort=price` compares prices of one currency with each other only, the shop\u2019s own currency first.',
    ].join('\n\n'),
    '## Every service',
    'Each process also answers about itself: `GET /health/live` (the process answers), `GET /health/ready` (it can serve HTTP now), `GET /health` (the truth in detail) and `GET /metrics` (Prometheus), all public and not counted by any limit; only the gateway asks for a token at `/metrics`.',
    `Where ${code('CHAOS_TOKEN')} is set, ${code(`GET, PUT, DELETE ${switchChaosRoute.path}`)} are its chaos switches ([chaos.md](../chaos.md)); where it is not, nothing is there. The gateway serves the status page at ${code('GET /status')} ([status-page.md](../status-page.md)).`,
    `Services that keep data also have, behind the internal token: ${code(`${auditRecordsRoute.method} ${auditRecordsRoute.path}`)} (audit records, by \`kind\`, in pages after the key \`after\`), ${code(`${instanceStatusRoute.method} ${instanceStatusRoute.path}`)} (status of the instance, for the status page), and \`/internal/dead-letters\` (\`GET\` lists, \`GET /{id}\` shows, \`POST /replay\` handles again, \`DELETE\` discards).`,
  );
}

function routeTable(list: readonly RouteDeclaration[]): string {
  return table(
    ['Route', 'What it does', 'Access', 'Scope', 'Limit', 'Idempotent', 'Wait', 'Answers', 'Own errors'],
    list.map((route) => [
      code(`${route.method} ${route.path}`),
      route.summary,
      route.access,
      scopesOf(route).map(code).join(' or '),
      route.limit,
      route.idempotent ? 'yes' : '',
      route.timeout_ms === undefined ? '' : `${route.timeout_ms / 1_000} s`,
      Object.keys(route.responses).join(', '),
      codes(route.errors ?? []),
    ]),
  );
}
