/** The causes of an order drawn; the table below it says the same and more. */
import type { ExplanationStep } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useId } from 'preact/hooks';
import { useDesk } from '../../desk.ts';
import { causeGraph, nodeHeight, nodeWidth } from './cause-graph.ts';

export const CauseDrawing: FunctionComponent<{ steps: readonly ExplanationStep[] }> = ({ steps }) => {
  const { words, formats } = useDesk();
  const { why: said } = words;
  const head = useId();
  const { services, nodes, arrows, width, height } = causeGraph(steps);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reached by keyboard.
    <section class="scroll" aria-label={said.drawing} tabIndex={0}>
      <svg
        class="causes"
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={said.drawn(steps.length, arrows.length)}
      >
        <defs>
          <marker id={head} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
            <path class="head" d="M0 0L8 4L0 8Z" />
          </marker>
        </defs>
        {services.map(({ name, y }) => (
          <g key={name}>
            <path class="lane" d={`M104 ${y}H${width}`} />
            <text x={4} y={y + 4}>
              {name}
            </text>
          </g>
        ))}
        {arrows.map(({ from, to, line, waited_ms, is_long }) => (
          <path key={`${from} ${to}`} class={is_long ? 'arrow long' : 'arrow'} d={line} marker-end={`url(#${head})`}>
            <title>{said.step(from, formats.duration(waited_ms))}</title>
          </path>
        ))}
        {nodes.map(({ step, x, y }) => (
          <g key={step.number} class={step.is_problem ? 'node bad' : 'node'}>
            <title>{`${step.number}. ${step.text}`}</title>
            <rect x={x - nodeWidth / 2} y={y - nodeHeight / 2} width={nodeWidth} height={nodeHeight} rx={6} />
            <text x={x} y={y + 4} text-anchor="middle">
              {step.number}
            </text>
          </g>
        ))}
      </svg>
    </section>
  );
};
