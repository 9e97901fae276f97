import { arch, cpus, totalmem } from 'node:os';
import type { CheckoutFigures } from './checkouts.ts';
import type { YardstickFigures } from './yardstick.ts';

export interface Figures {
  first_order_s: number;
  idle_memory_mb: number | undefined;
  yardstick: YardstickFigures;
  checkouts: CheckoutFigures;
}

/** The table that is printed: each measurement with its limit. */
export function figureLines(figures: Figures, load: { open: number; users: number; products: number; seconds: number }): string[] {
  const { yardstick, checkouts } = figures;
  const share = (100 * checkouts.per_second) / yardstick.per_second;
  const memory = figures.idle_memory_mb === undefined ? 'not measured on this system' : `${figures.idle_memory_mb.toFixed(0)} MB`;
  return [
    `world embedded, ${cpus().length} × ${cpus()[0]?.model ?? arch()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`,
    `load: ${load.open} checkouts open, ${load.users} customers, ${load.products} products, ${load.seconds} s, generator on the same machine`,
    '',
    row(
      'update transactions per second',
      yardstick.per_second.toFixed(0),
      `${yardstick.by}, best of several: ${yardstick.clients} clients`,
    ),
    row(
      'whole checkouts per second',
      checkouts.per_second.toFixed(0),
      `p50 ${checkouts.p50_ms.toFixed(0)} ms, p99 ${checkouts.p99_ms.toFixed(0)} ms, ${checkouts.confirmed} confirmed, ${checkouts.other} not`,
    ),
    row('checkouts as share of the yardstick', `${share.toFixed(1)} %`, 'at least 8 %'),
    row('idle memory, all processes (PSS)', memory, 'at most 450 MB'),
    row('start to first confirmed order', `${figures.first_order_s.toFixed(1)} s`, 'at most 15 s'),
  ];
}

function row(name: string, value: string, remark: string): string {
  return `${name.padEnd(40)}${value.padStart(12)}   ${remark}`;
}
