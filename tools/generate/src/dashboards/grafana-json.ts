/** A dashboard as Grafana reads it from a file. */
import type { Dashboard, Panel, PanelKind, Query, Row, Variable } from './panel.ts';

/** The provisioned source: infrastructure/monitoring/grafana/provisioning/datasources/prometheus.yml. */
const source = { type: 'prometheus', uid: 'prometheus' };
const schemaVersion = 41;
const columns = 24;
const rowHeight = 1;
/** Where Grafana serves docs/runbooks, which compose.yaml mounts there. */
const runbookFolder = '/public/runbooks';

/** The text of the file, always the same for the same dashboard. */
export function dashboardText(dashboard: Dashboard): string {
  const { uid, title, description, variables, rows } = dashboard;
  const json = {
    uid,
    title,
    description,
    tags: ['souk'],
    editable: false,
    graphTooltip: 1,
    refresh: '30s',
    schemaVersion,
    time: { from: 'now-1h', to: 'now' },
    timezone: 'browser',
    links: [{ type: 'dashboards', title: 'Souk', tags: ['souk'], asDropdown: true, includeVars: false, keepTime: true }],
    templating: { list: variables.map(variableJson) },
    annotations: { list: [alertAnnotations] },
    panels: laidOut(rows),
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}

const alertAnnotations = {
  name: 'Alerts',
  datasource: source,
  enable: true,
  iconColor: 'red',
  expr: 'ALERTS{alertstate="firing"}',
  titleFormat: '{{ alertname }}',
  textFormat: '{{ service }}{{ queue }}{{ upstream }}',
  step: '60s',
};

function variableJson({ name, label, query }: Variable): object {
  return {
    type: 'query',
    name,
    label,
    datasource: source,
    query: { query, refId: name },
    definition: query,
    refresh: 2,
    sort: 1,
    multi: true,
    includeAll: true,
    allValue: '.*',
    current: { selected: true, text: ['All'], value: ['$__all'] },
  };
}

/** Rows one below the other, their panels from left to right. */
function laidOut(rows: readonly Row[]): object[] {
  const placed: object[] = [];
  let top = 0;
  for (const { title, panels } of rows) {
    placed.push({
      id: placed.length + 1,
      type: 'row',
      title,
      collapsed: false,
      gridPos: { x: 0, y: top, w: columns, h: rowHeight },
      panels: [],
    });
    top += rowHeight;
    let [left, tallest] = [0, 0];
    for (const panel of panels) {
      if (left + panel.width > columns) {
        top += tallest;
        [left, tallest] = [0, 0];
      }
      placed.push(panelJson(panel, placed.length + 1, { x: left, y: top, w: panel.width, h: panel.height }));
      left += panel.width;
      tallest = Math.max(tallest, panel.height);
    }
    top += tallest;
  }
  return placed;
}

const hiddenColumns = Object.fromEntries(['Time', '__name__'].map((name) => [name, true]));

function panelJson(panel: Panel, id: number, gridPos: object): object {
  const { kind, title, description, queries, runbooks = [] } = panel;
  return {
    id,
    type: kind,
    title,
    description,
    datasource: source,
    gridPos,
    links: runbooks.map((name) => ({ title: `Runbook: ${name}`, url: `${runbookFolder}/${name}.md`, targetBlank: true })),
    fieldConfig: { defaults: fieldDefaults(panel), overrides: [] },
    options: optionsOf[kind],
    targets: queries.map((query, index) => targetJson(query, kind, index)),
    ...(kind === 'table' && { transformations: [{ id: 'organize', options: { excludeByName: hiddenColumns } }] }),
  };
}

function targetJson(
  { expr, legend: name, exemplar = false }: Omit<Query, 'exemplar'> & { exemplar?: boolean },
  kind: PanelKind,
  index: number,
): object {
  const now = kind === 'table' || kind === 'bargauge';
  return {
    refId: String.fromCharCode('A'.charCodeAt(0) + index),
    datasource: source,
    expr,
    legendFormat: name ?? '__auto',
    exemplar,
    instant: now,
    range: !now,
    ...(kind === 'heatmap' && { format: 'heatmap' }),
    ...(kind === 'table' && { format: 'table' }),
  };
}

function fieldDefaults({ unit, limits, kind, stacked, min, max, decimals }: Panel): object {
  return {
    unit,
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(decimals !== undefined && { decimals }),
    color: { mode: kind === 'timeseries' ? 'palette-classic' : 'thresholds' },
    thresholds: { mode: 'absolute', steps: stepsOf(limits) },
    ...(kind === 'timeseries' && {
      custom: {
        drawStyle: 'line',
        lineWidth: 1,
        fillOpacity: 10,
        showPoints: 'never',
        spanNulls: false,
        stacking: { mode: stacked ? 'normal' : 'none', group: 'A' },
        thresholdsStyle: { mode: limits ? 'dashed' : 'off' },
      },
    }),
  };
}

function stepsOf(limits: Panel['limits']): object[] {
  if (limits === undefined) return [{ color: 'green', value: null }];
  const { orange, red, good } = limits;
  const middle = orange === undefined ? [] : [{ color: 'orange', value: good === 'high' ? red : orange }];
  if (good === 'high') return [{ color: 'red', value: null }, ...middle, { color: 'green', value: orange ?? red }];
  return [{ color: 'green', value: null }, ...middle, { color: 'red', value: red }];
}

const legend = { displayMode: 'list', placement: 'bottom', showLegend: true };

const optionsOf: Readonly<Record<PanelKind, object>> = {
  timeseries: { legend, tooltip: { mode: 'multi', sort: 'desc' } },
  stat: { reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false }, colorMode: 'value', graphMode: 'area', textMode: 'auto' },
  table: { showHeader: true, cellHeight: 'sm' },
  heatmap: {
    calculate: false,
    cellGap: 1,
    yAxis: { unit: 's' },
    color: { mode: 'scheme', scheme: 'Oranges', steps: 64 },
    legend: { show: true },
  },
  'state-timeline': { mergeValues: true, showValue: 'never', rowHeight: 0.8, legend },
  bargauge: { reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false }, orientation: 'horizontal', displayMode: 'basic' },
};
