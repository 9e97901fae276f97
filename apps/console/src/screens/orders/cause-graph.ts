/**
 * The causes of an order as a drawing: a line for each service, a column for each step in the order in which they are told, and an
 * arrow from each cause to what came of it. Lengths are of its own drawing area.
 */
import type { ExplanationStep } from '@souk/contracts';

export interface GraphNode {
  readonly step: ExplanationStep;
  readonly x: number;
  readonly y: number;
}

export interface GraphArrow {
  readonly from: number;
  readonly to: number;
  /** Of `path`. */
  readonly line: string;
  readonly waited_ms: number;
  readonly is_long: boolean;
}

export interface CauseGraph {
  readonly services: readonly { readonly name: string; readonly y: number }[];
  readonly nodes: readonly GraphNode[];
  readonly arrows: readonly GraphArrow[];
  readonly width: number;
  readonly height: number;
}

export const nodeWidth = 38;
export const nodeHeight = 26;
const columnWidth = 58;
const laneHeight = 56;
const namesWidth = 104;
const margin = 12;
/** A wait that a person notices. */
const longMs = 1_000;

/** Steps that name a cause which is not among them keep their place and have no arrow for it. */
export function causeGraph(steps: readonly ExplanationStep[]): CauseGraph {
  const names = [...new Set(steps.map(({ service }) => service))];
  const laneOf = (service: string): number => margin + names.indexOf(service) * laneHeight + laneHeight / 2;
  const nodes = steps.map((step, column) => ({ step, x: namesWidth + column * columnWidth + columnWidth / 2, y: laneOf(step.service) }));
  const byNumber = new Map(nodes.map((node) => [node.step.number, node]));
  const arrows = nodes.flatMap((node) =>
    node.step.because_of.flatMap((cause) => {
      const from = byNumber.get(cause.step);
      if (from === undefined) return [];
      return [
        {
          from: cause.step,
          to: node.step.number,
          line: lineBetween(from, node),
          waited_ms: cause.waited_ms,
          is_long: cause.waited_ms >= longMs,
        },
      ];
    }),
  );
  return {
    services: names.map((name) => ({ name, y: laneOf(name) })),
    nodes,
    arrows,
    width: namesWidth + steps.length * columnWidth + margin,
    height: 2 * margin + names.length * laneHeight,
  };
}

/** Within a line from side to side, a bow over what stands between; to another line from below or above into the side that comes first. */
function lineBetween(from: GraphNode, to: GraphNode): string {
  if (from.y === to.y) {
    const [start, end] = [from.x + nodeWidth / 2, to.x - nodeWidth / 2];
    if (end - start <= columnWidth) return `M${start} ${from.y}H${end}`;
    const top = from.y - nodeHeight / 2;
    return `M${from.x} ${top}C${from.x} ${top - 16} ${to.x} ${top - 16} ${to.x} ${top}`;
  }
  const leaves = from.y + (to.y > from.y ? nodeHeight / 2 : -nodeHeight / 2);
  const end = to.x - nodeWidth / 2;
  return `M${from.x} ${leaves}C${from.x} ${to.y} ${from.x} ${to.y} ${end} ${to.y}`;
}
