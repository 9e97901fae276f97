/** Every document that is derived from the code, in the order in which they are written. */

import { apiReleases, presentRelease } from './api-releases.ts';
import { dashboardDocuments } from './dashboards/index.ts';
import type { Document } from './document.ts';
import { eventSchemas } from './event-schemas.ts';
import { operationTable } from './operation-table.ts';
import { apiChangelogPage } from './pages/api-changelog-page.ts';
import { checkoutPage } from './pages/checkout-page.ts';
import { decisionIndex } from './pages/decision-index.ts';
import { environmentExample } from './pages/environment-example.ts';
import { environmentPage } from './pages/environment-page.ts';
import { errorsPage } from './pages/errors-page.ts';
import { eventsPage } from './pages/events-page.ts';
import { metricsPage } from './pages/metrics-page.ts';
import { routesPage } from './pages/routes-page.ts';
import { serviceListDocuments } from './service-lists.ts';
import { serviceReadmes } from './service-readmes.ts';

const root = new URL('../../../', import.meta.url);

export function documents(): Document[] {
  return [
    { path: 'docs/reference/events.md', text: eventsPage() },
    { path: 'docs/reference/errors.md', text: errorsPage() },
    { path: 'docs/reference/environment.md', text: environmentPage() },
    { path: 'docs/reference/checkout.md', text: checkoutPage() },
    { path: 'docs/reference/routes.md', text: routesPage() },
    { path: 'docs/reference/metrics.md', text: metricsPage() },
    { path: 'docs/reference/api-changelog.md', text: apiChangelogPage(apiReleases(root)) },
    { path: 'docs/adr/README.md', text: decisionIndex(root) },
    { path: '.env.example', text: environmentExample() },
    { path: 'packages/client/src/operations.ts', text: operationTable() },
    ...serviceReadmes(root),
    ...serviceListDocuments(root),
    ...dashboardDocuments(),
    ...eventSchemas(),
    presentRelease(),
  ];
}
