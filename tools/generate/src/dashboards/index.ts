/** The dashboards of Grafana, written to infrastructure/monitoring/grafana/dashboards. */
import { serviceNames } from '@souk/contracts';
import type { Document } from '../document.ts';
import { checkout } from './checkout.ts';
import { gateway } from './gateway.ts';
import { dashboardText } from './grafana-json.ts';
import { infrastructure } from './infrastructure.ts';
import { messaging } from './messaging.ts';
import { overview } from './overview.ts';
import { serviceDashboard } from './service.ts';

const dashboardFolder = 'infrastructure/monitoring/grafana/dashboards/';

export function dashboardDocuments(): Document[] {
  const services = serviceNames.filter((name) => name !== 'gateway').map(serviceDashboard);
  return [overview, checkout, messaging, gateway, ...services, infrastructure].map((dashboard) => ({
    path: `${dashboardFolder}${dashboard.uid.replace('souk-', '')}.json`,
    text: dashboardText(dashboard),
  }));
}
