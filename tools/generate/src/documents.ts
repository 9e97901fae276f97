/** Every document that is derived from the code, in the order in which they are written. */

import { dashboardDocuments } from './dashboards/index.ts';
import type { Document } from './document.ts';
import { eventSchemas } from './event-schemas.ts';
import { checkoutPage } from './pages/checkout-page.ts';
import { environmentExample } from './pages/environment-example.ts';
import { environmentPage } from './pages/environment-page.ts';
import { errorsPage } from './pages/errors-page.ts';
import { eventsPage } from './pages/events-page.ts';
import { metricsPage } from './pages/metrics-page.ts';
import { routesPage } from './pages/routes-page.ts';

export function documents(): Document[] {
  return [
    { path: 'docs/reference/events.md', text: eventsPage() },
    { path: 'docs/reference/errors.md', text: errorsPage() },
    { path: 'docs/reference/environment.md', text: environmentPage() },
    { path: 'docs/reference/checkout.md', text: checkoutPage() },
    { path: 'docs/reference/routes.md', text: routesPage() },
    { path: 'docs/reference/metrics.md', text: metricsPage() },
    { path: '.env.example', text: environmentExample() },
    ...dashboardDocuments(),
    ...eventSchemas(),
  ];
}
