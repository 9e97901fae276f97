/** The explanation of an order for people: the paragraph first, then its steps in causal order. */
import { stripVTControlCharacters } from 'node:util';
import type { ExplanationStep, OrderExplanation } from '@souk/contracts';

export interface TextOptions {
  colours: boolean;
  width?: number | undefined;
}

const widthDefault = 140;
const widthLeast = 60;
const idDigits = 8;

/** Lines for a terminal of this width. */
export function explanationText(explanation: OrderExplanation, { colours, width = widthDefault }: TextOptions): string {
  const columns = Math.max(widthLeast, width);
  const table = stepLines(explanation.steps, colours);
  const traced = explanation.trace_id === null ? '' : `, trace ${explanation.trace_id}`;
  return `${[
    wrapped(clean(explanation.summary), columns),
    '',
    ...table,
    '',
    `Order ${explanation.order_id}, correlation ${explanation.correlation_id ?? 'not recorded'}${traced}.`,
    wrapped(`Not recorded by any service: ${explanation.not_recorded.join('; ')}.`, columns),
  ].join('\n')}\n`;
}

function stepLines(steps: readonly ExplanationStep[], colours: boolean): string[] {
  const services = Math.max(...steps.map(({ service }) => service.length));
  const numbers = String(steps.length).length;
  const times = Math.max(...steps.map((step) => timeText(step.after_ms).length));
  return steps.map((step) => {
    const line = [
      String(step.number).padStart(numbers),
      timeText(step.after_ms).padStart(times),
      step.service.padEnd(services),
      `${step.is_problem ? '! ' : ''}${clean(step.text)}${causesText(step)}${triesText(step)}`,
    ].join('  ');
    return step.is_problem && colours ? `\x1b[31m${line}\x1b[39m` : line;
  });
}

function causesText({ because_of }: ExplanationStep): string {
  if (because_of.length === 0) return '';
  const causes = because_of.map(({ step, event_type, event_id, waited_ms }) => {
    const event = event_type === null ? '' : `, ${event_type}${event_id === null ? '' : ` ${event_id.slice(-idDigits)}`}`;
    return `${step}${event} +${waitText(waited_ms)}`;
  });
  return `  ← ${causes.join(' and ')}`;
}

function triesText({ attempts }: ExplanationStep): string {
  return attempts !== null && attempts > 1 ? `  (${attempts} attempts)` : '';
}

function timeText(ms: number): string {
  return `+${(ms / 1_000).toFixed(3)} s`;
}

function waitText(ms: number): string {
  return ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

/** Notes and names were written by people: they must not steer the terminal. */
function clean(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/\p{Cc}+/gu, ' ');
}

function wrapped(text: string, columns: number): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length + 1 > columns) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.join('\n');
}
