/** What is committed below infrastructure/monitoring: every expression with the place where it stands. */
import { readdir, readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { expand } from './_promql.ts';

export interface Expression {
  /** `overview, panel "Errors"` or `causes.yml, alert ServiceDown`. */
  where: string;
  expr: string;
  /** An alert compares, so that it is empty while all is well: only its selectors must find something. */
  kind: 'panel' | 'record' | 'alert' | 'annotation' | 'variable';
}

export interface Alert {
  alert: string;
  expr: string;
  for?: string;
  labels: { severity: string };
  annotations: { summary: string; description: string; runbook_url: string };
}

export interface Recording {
  record: string;
  expr: string;
}

export interface RuleGroup {
  name: string;
  interval?: string;
  rules: (Alert | Recording)[];
}

export interface Panel {
  id: number;
  type: string;
  title: string;
  description?: string;
  links?: { url: string }[];
  fieldConfig?: { defaults: { unit?: string; thresholds?: { steps: { color: string; value: number | null }[] } } };
  targets?: { expr: string; exemplar: boolean }[];
}

export interface Dashboard {
  file: string;
  uid: string;
  title: string;
  templating: { list: { name: string; definition: string }[] };
  annotations: { list: { name: string; expr: string }[] };
  panels: Panel[];
}

const root = new URL('../../', import.meta.url);
export const prometheusFolder = new URL('infrastructure/monitoring/prometheus/', root);
const dashboardFolder = new URL('infrastructure/monitoring/grafana/dashboards/', root);
export const runbookFolder = new URL('docs/runbooks/', root);

export const isAlert = (rule: Alert | Recording): rule is Alert => 'alert' in rule;

/** Whether an alert is about the present moment, so that it ends with its cause; others look back over minutes. */
export const looksAtNow = ({ expr }: Alert): boolean => !expr.includes('[') && !expr.includes(':');

export async function ruleFiles(): Promise<{ file: string; groups: RuleGroup[] }[]> {
  const files = (await readdir(new URL('rules/', prometheusFolder))).filter((file) => file.endsWith('.yml')).sort();
  return Promise.all(
    files.map(async (file) => ({
      file,
      ...(parse(await readFile(new URL(`rules/${file}`, prometheusFolder), 'utf8')) as { groups: RuleGroup[] }),
    })),
  );
}

export async function alerts(): Promise<Alert[]> {
  return (await ruleFiles()).flatMap(({ groups }) => groups.flatMap(({ rules }) => rules.filter(isAlert)));
}

export async function dashboards(): Promise<Dashboard[]> {
  const files = (await readdir(dashboardFolder)).sort();
  return Promise.all(
    files.map(async (file) => ({
      file,
      ...(JSON.parse(await readFile(new URL(file, dashboardFolder), 'utf8')) as Omit<Dashboard, 'file'>),
    })),
  );
}

/** Every expression of every rule, panel, variable and annotation, with the variables filled in. */
export async function expressions(): Promise<Expression[]> {
  const ofRules = (await ruleFiles()).flatMap(({ file, groups }) =>
    groups.flatMap(({ rules }) =>
      rules.map(
        (rule): Expression =>
          isAlert(rule)
            ? { where: `${file}, alert ${rule.alert}`, expr: rule.expr, kind: 'alert' }
            : { where: `${file}, record ${rule.record}`, expr: rule.expr, kind: 'record' },
      ),
    ),
  );
  return [...ofRules, ...(await dashboards()).flatMap(expressionsOf)];
}

function expressionsOf({ file, panels, templating, annotations }: Dashboard): Expression[] {
  const variables = templating.list.map(({ name }) => name);
  const ofPanels = panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }): Expression => ({ where: `${file}, panel "${title}"`, expr: expand(expr, variables), kind: 'panel' })),
  );
  const ofVariables = templating.list.map(({ name, definition }): Expression => {
    const [, series = '', label = ''] = /^label_values\((.+), ([a-z_]+)\)$/.exec(definition) ?? [];
    return { where: `${file}, variable ${name}`, expr: `count by (${label}) (${series})`, kind: 'variable' };
  });
  const ofAnnotations = annotations.list.map(
    ({ name, expr }): Expression => ({ where: `${file}, annotation ${name}`, expr, kind: 'annotation' }),
  );
  return [...ofPanels, ...ofVariables, ...ofAnnotations];
}

/** Series that only the distributed world has, with its Redis, its RabbitMQ and the exporters. */
export function isOfServers({ metric, text }: { metric: string; text: string }): boolean {
  return /^(souk_redis_|souk_cache_tier_|rabbitmq_|pg_|redis_)/.test(metric) || text.includes('job=~"rabbitmq');
}
