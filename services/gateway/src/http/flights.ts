/** All exchanges under way; one timer keeps the time of all. */
import type { Exchange } from './exchange.ts';

const deadlineCheckMs = 100;

export interface Flights {
  launched(exchange: Exchange): void;
  landed(exchange: Exchange): void;
  count(): number;
  draining(): boolean;
  drain(): Promise<void>;
  close(): void;
}

export function createFlights(): Flights {
  const airborne = new Set<Exchange>();
  let isDraining = false;
  let emptied: () => void = () => undefined;
  const timer = setInterval(() => {
    const now = performance.now();
    for (const exchange of airborne) if (now > exchange.deadline) exchange.expire();
  }, deadlineCheckMs).unref();
  return {
    launched: (exchange) => void airborne.add(exchange),
    landed(exchange) {
      airborne.delete(exchange);
      if (airborne.size === 0) emptied();
    },
    count: () => airborne.size,
    draining: () => isDraining,
    async drain() {
      isDraining = true;
      if (airborne.size > 0) await new Promise<void>((resolve) => (emptied = resolve));
    },
    close: () => clearInterval(timer),
  };
}
