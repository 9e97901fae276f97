/** The shape of the chart of a drill: orders that wait, over time. Lengths are of its own drawing area. */
import type { Drill } from '@souk/contracts';

export interface DrillChart {
  /** Of `path`: one line for each stretch in which it was known. */
  readonly line: string;
  /** From where to where the target was away. */
  readonly away: { readonly from: number; readonly to: number };
  readonly most: number;
  readonly length_ms: number;
}

export const chartWidth = 640;
export const chartHeight = 120;
const msInS = 1_000;

/** Where a drill ends is where it was last looked at, or later while its target has yet to come back. */
export function chartOf({
  samples,
  gone_at,
  back_at,
  duration_s,
}: Pick<Drill, 'samples' | 'gone_at' | 'back_at' | 'duration_s'>): DrillChart {
  const away_ms = back_at === null || gone_at === null ? duration_s * msInS : Date.parse(back_at) - Date.parse(gone_at);
  const length_ms = Math.max(samples.at(-1)?.after_ms ?? 0, away_ms, 1);
  const most = Math.max(1, ...samples.map(({ waiting }) => waiting ?? 0));
  const x = (after_ms: number): number => rounded((after_ms / length_ms) * chartWidth);
  const y = (waiting: number): number => rounded(chartHeight - (waiting / most) * chartHeight);
  let isDrawn = false;
  const parts = samples.map(({ after_ms, waiting }) => {
    const part = waiting === null ? '' : `${isDrawn ? 'L' : 'M'}${x(after_ms)} ${y(waiting)}`;
    isDrawn = waiting !== null;
    return part;
  });
  return { line: parts.join(''), away: { from: 0, to: x(Math.min(away_ms, length_ms)) }, most, length_ms };
}

const rounded = (length: number): number => Math.round(length * 10) / 10;
