/** How many processes of each service are wanted: `orders=2,inventory=2,gateway=2`. */
import { refusal, type ServiceName, serviceNames } from '@souk/contracts';

export type Replicas = Readonly<Record<ServiceName, number>>;

const replicasMost = 16;

/** One of each where nothing else is said. Refuses unknown names, repeated ones and numbers out of range. */
export function parseReplicas(text = ''): Replicas {
  const wanted = new Map<ServiceName, number>(serviceNames.map((name) => [name, 1]));
  const seen = new Set<string>();
  for (const part of text.split(',').filter((each) => each.trim() !== '')) {
    const [name = '', count = ''] = part.split('=').map((word) => word.trim());
    if (!isService(name))
      throw refusal('validation_failed', `--replicas: there is no service ${JSON.stringify(name)}; there are ${serviceNames.join(', ')}.`);
    if (seen.has(name)) throw refusal('validation_failed', `--replicas: ${name} is named twice.`);
    if (!/^\d{1,3}$/.test(count) || Number(count) < 1 || Number(count) > replicasMost)
      throw refusal(
        'validation_failed',
        `--replicas: ${name}=${count} must be a number from 1 to ${replicasMost}, as in orders=2,gateway=2.`,
      );
    seen.add(name);
    wanted.set(name, Number(count));
  }
  return Object.fromEntries(wanted) as Replicas;
}

function isService(name: string): name is ServiceName {
  return (serviceNames as readonly string[]).includes(name);
}
