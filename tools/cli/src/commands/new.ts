/** `souk new`: the skeleton of a service, route, event or consumer, in the places where it belongs. */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { refusal } from '@souk/contracts';
import { newConsumer } from '../new/new-consumer.ts';
import { newEvent } from '../new/new-event.ts';
import { newRoute } from '../new/new-route.ts';
import { newService } from '../new/new-service.ts';
import type { Plan } from '../new/plan.ts';
import { applyPlan, openSources } from '../new/sources.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

const options = {
  method: { type: 'string' },
  path: { type: 'string' },
  access: { type: 'string' },
  owner: { type: 'string' },
  event: { type: 'string', multiple: true },
} as const;

/** Which options each kind understands; any other one is refused, not ignored. */
const optionsOf: Readonly<Record<string, readonly (keyof typeof options)[]>> = {
  service: [],
  route: ['method', 'path', 'access'],
  event: ['owner'],
  consumer: ['event'],
};

/** Plans everything before the first file is written, so that what is refused leaves nothing behind. */
export async function createNew(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  const [kind = '', name = ''] = positionals;
  const known = optionsOf[kind];
  if (known === undefined || positionals.length !== 2)
    throw refusal('validation_failed', 'souk new takes a kind and a name: souk new service|route|event|consumer NAME');
  for (const option of Object.keys(values) as (keyof typeof options)[])
    if (!known.includes(option)) throw refusal('validation_failed', `souk new ${kind} knows no --${option}`);
  const sources = openSources(root);
  const plan = await planOf(kind, name, { sources, ...values });
  const written = await applyPlan(root, sources);
  for (const { path, existed } of written) process.stdout.write(`${existed ? 'changed' : 'wrote  '}  ${path}\n`);
  process.stdout.write(`\nNext:\n${plan.next.map((step, index) => `  ${index + 1}. ${step}`).join('\n')}\n`);
  return 0;
}

type PlanOptions = Parameters<typeof newRoute>[1] & Parameters<typeof newEvent>[1] & Parameters<typeof newConsumer>[1];

function planOf(kind: string, name: string, given: PlanOptions): Promise<Plan> {
  if (kind === 'service') return newService(name, given);
  if (kind === 'route') return newRoute(name, given);
  if (kind === 'event') return newEvent(name, given);
  return newConsumer(name, given);
}
