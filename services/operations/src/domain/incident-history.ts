/** Since when each incident lasts, and which are resolved. */
import { type DataServiceName, dataServices, type Incident, type PlatformStatus, type StatusWord } from '@souk/contracts';
import type { FoundIncident } from './find-incidents.ts';
import type { PlatformSnapshot } from './platform-snapshot.ts';

export interface OpenIncident extends FoundIncident {
  began_ms: number;
  at_least: boolean;
}

export interface IncidentHistory {
  /** Time of the first observation; undefined before. */
  began_ms: number | undefined;
  /** Some observation found nothing serious. */
  settled: boolean;
  incidents: ReadonlyMap<string, OpenIncident>;
  past: readonly { title: string; since_ms: number; until_ms: number }[];
}

export const noHistory: IncidentHistory = { began_ms: undefined, settled: false, incidents: new Map(), past: [] };

const pastMax = 10;
const pastKeptMs = 3_600_000;
/** Incidents of a platform that is starting are recorded only when they last. */
const startLastsMs = 60_000;
/** Notices come and go and are not recorded once they are resolved. */
const isSerious = ({ severity }: FoundIncident): boolean => severity !== 'notice';

/** The history after an observation at `now_ms`. What the first one finds may have begun earlier. */
export function advance(history: IncidentHistory, found: readonly FoundIncident[], now_ms: number): IncidentHistory {
  const isFirst = history.began_ms === undefined;
  const incidents = new Map<string, OpenIncident>();
  for (const incident of found) {
    const known = history.incidents.get(incident.id);
    const began_ms = incident.since_ms ?? known?.began_ms ?? now_ms;
    const at_least = incident.since_ms === undefined && (known?.at_least ?? isFirst);
    incidents.set(incident.id, { ...incident, began_ms, at_least });
  }
  const ended = [...history.incidents.values()]
    .filter((incident) => !incidents.has(incident.id) && isSerious(incident))
    .filter(({ began_ms }) => history.settled || now_ms - began_ms >= startLastsMs)
    .map(({ title, began_ms }) => ({ title, since_ms: began_ms, until_ms: now_ms }));
  const past = [...ended, ...history.past].filter(({ until_ms }) => now_ms - until_ms < pastKeptMs).slice(0, pastMax);
  return { began_ms: history.began_ms ?? now_ms, settled: history.settled || !found.some(isSerious), incidents, past };
}

const ranks: Readonly<Record<Incident['severity'], number>> = { unhealthy: 0, degraded: 1, notice: 2 };

/** The worst first, then the oldest. */
export function inOrder(incidents: Iterable<OpenIncident>): OpenIncident[] {
  return [...incidents].sort((left, right) => ranks[left.severity] - ranks[right.severity] || left.began_ms - right.began_ms);
}

/** The whole in one word: unhealthy when nothing can be ordered or an audit found violations, degraded when anything is wrong. */
export function overallStatus(incidents: readonly FoundIncident[], services: PlatformSnapshot['services']): PlatformStatus['status'] {
  const stops = incidents.some(({ id }) => id === 'service orders' || id === 'books');
  const served = services.some(({ name, status }) => dataServices.includes(name as DataServiceName) && status !== 'unhealthy');
  if (stops || !served) return 'unhealthy';
  return incidents.some(({ severity }) => severity !== 'notice') ? 'degraded' : ('healthy' satisfies StatusWord);
}
