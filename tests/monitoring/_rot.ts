/** Finds what shows nothing: expressions without a result, and selectors that meet no series. */
import { mapBounded } from '@souk/kernel';
import type { Expression } from './_committed.ts';
import type { Prometheus } from './_prometheus.ts';
import { selectorsOf } from './_promql.ts';

export interface Finding {
  where: string;
  expr: string;
  why: string;
}

const nothing = 'returns nothing';
const at_once = 8;

/** All findings at once, in the order of the expressions. */
export async function findRot(prometheus: Prometheus, expressions: readonly Expression[]): Promise<Finding[]> {
  const met = new Map<string, Promise<boolean>>();
  const injects = (selector: string): Promise<boolean> => {
    const known = met.get(selector) ?? prometheus.seriesOf(selector).then((series) => series.length > 0);
    met.set(selector, known);
    return known;
  };
  const findingsOf = async ({ where, expr, kind }: Expression): Promise<Finding[]> => {
    const findings: Finding[] = [];
    for (const { text } of selectorsOf(expr)) if (!(await injects(text))) findings.push({ where, expr, why: `no series matches ${text}` });
    if (kind !== 'alert' && !(await hasValue(prometheus, expr))) findings.push({ where, expr, why: nothing });
    return findings;
  };
  return (await mapBounded(expressions, at_once, findingsOf)).flat();
}

/** At least once since the start, and a number: "not a number" is what Grafana shows as no data. */
async function hasValue(prometheus: Prometheus, expr: string): Promise<boolean> {
  const series = await prometheus.sinceStart(expr);
  return series.some(({ values }) => values.some(([, value]) => value !== 'NaN'));
}

export function findingLines(findings: readonly Finding[]): string {
  return findings.map(({ where, why, expr }) => `${where}\n    ${why}\n    ${expr.trim().replaceAll(/\s+/g, ' ')}`).join('\n');
}
