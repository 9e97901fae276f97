/** What a run prints. */
import type { Configuration } from './configurations.ts';
import type { Exploration } from './exploration/explore.ts';
import type { Bounds } from './model/checkout.ts';

export interface Explored extends Exploration {
  name: string;
  bounds: Bounds;
  took_ms: number;
}

const count = (number: number): string => number.toLocaleString('en-US');

/** One configuration: what it is, its bounds, what was counted, and the way to a violation. */
export function explorationText({ about }: Configuration, explored: Explored): string {
  const { name, bounds, states, transitions, depth, at_rest, fair_transitions, took_ms, violation } = explored;
  const head = [
    `${name}: ${about}`,
    ...boundsLines(bounds).map((line, index) => `  ${index === 0 ? 'bounds' : ''.padEnd(6)}       ${line}`),
    `  explored     ${count(states)} states, ${count(transitions)} transitions (${count(fair_transitions)} of them fair), depth ${depth}`,
  ];
  const held = [
    `  at rest      ${count(at_rest)} states, the books of each balanced; every fair run ends in one of them`,
    `  violations   0; ${(took_ms / 1_000).toFixed(1)} s`,
  ];
  if (violation === undefined) return `${[...head, ...held].join('\n')}\n`;
  const steps = violation.steps.map((step, index) => `    ${String(index + 1).padStart(2)}. ${step}`);
  return `${[...head, `  VIOLATION    ${violation.what}`, ...steps].join('\n')}\n`;
}

function boundsLines(bounds: Bounds): string[] {
  const { orders, pieces, amount, late_product, charge_tasks_max, refund_tasks_max, staff_refunds_max } = bounds;
  const said = (yes: boolean): string => (yes ? 'yes' : 'no');
  return [
    `orders ${orders}, of 1 piece and ${amount} minor units; in stock ${pieces}${late_product ? ', created before or after the order' : ''}`,
    `at the same time: processes that charge an order ${charge_tasks_max}, that refund ${refund_tasks_max}; refunds by staff ${staff_refunds_max}`,
    `requests that reach the provider after they were given up: ${said(bounds.late_calls)}; pages on which the customer pays: ${said(bounds.pages)}`,
    `kills between commit and acknowledgement: ${said(bounds.lost_acknowledgements)}`,
    `notifications: ${said(bounds.notifications)}; a new address of the customer: ${said(bounds.new_address)}`,
    'repeats, delays and order of messages; kills before a commit; cancellations and deadlines: no bound',
  ];
}

/** All of them together. */
export function summaryText(explored: readonly Explored[]): string {
  const sum = (of: (one: Explored) => number): string => count(explored.reduce((total, one) => total + of(one), 0));
  const wrong = explored.filter(({ violation }) => violation !== undefined);
  const seconds = (explored.reduce((total, { took_ms }) => total + took_ms, 0) / 1_000).toFixed(1);
  return `checkout explored: ${explored.length} configurations, ${sum(({ states }) => states)} states, ${sum(({ transitions }) => transitions)} transitions, ${wrong.length} violations, ${seconds} s\n`;
}
