import { refusal } from '@souk/contracts';
import { isPortFree } from '@souk/kernel/ports';

/** Refuses with `port_taken` and names all that are. */
export async function needFree(ports: readonly number[]): Promise<void> {
  const free = await Promise.all(ports.map(isPortFree));
  const taken = ports.filter((_, index) => !free[index]);
  if (taken.length > 0)
    throw refusal(
      'port_taken',
      `${taken.length === 1 ? 'Port' : 'Ports'} ${taken.join(', ')} taken by another program. Stop it, or set PORT_BASE.`,
      { ports: taken },
    );
}
