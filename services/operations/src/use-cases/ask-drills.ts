/** Hands drills on to the process that runs the shop, where it allows any: only that process can end and start parts of it. */
import { type Drill, type DrillOrder, type Drills, refusal } from '@souk/contracts';
import { serviceRefusal } from '@souk/service-kit';
import { askRunner } from '../clients/drill-runner.ts';
import type { OperationsContext } from '../context.ts';

const none: Drills = { allowed: false, targets: [], drills: [] };

/** Throws `service_unavailable`. */
export async function readDrills(context: OperationsContext): Promise<Drills> {
  const { drills_url } = context.config;
  return drills_url === undefined ? none : ((await asked(context, 'GET', '/drills')) as Drills);
}

/** Throws `drills_off`, `drill_running`, `validation_failed` for what cannot be taken away here, `service_unavailable`. */
export async function beginDrill(context: OperationsContext, order: DrillOrder): Promise<Drill> {
  return (await asked(context, 'POST', '/drills', order)) as Drill;
}

/** Throws `drills_off`, `drill_unknown`, `service_unavailable`. */
export async function finishDrill(context: OperationsContext, drill_id: string): Promise<Drill> {
  return (await asked(context, 'DELETE', `/drills/${drill_id}`)) as Drill;
}

async function asked(context: OperationsContext, method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<unknown> {
  const { drills_url } = context.config;
  if (drills_url === undefined) throw refusal('drills_off');
  const answer = await askRunner(context, drills_url, { method, path, body });
  if (answer.status !== 200) throw serviceRefusal('the process that runs the shop', answer);
  return answer.body;
}
