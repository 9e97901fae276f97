/**
 * The words in which the dashboards are written. A panel says what it shows, in which unit, from where on it is bad, and
 * which runbook to open then; the JSON of Grafana is in grafana-json.ts. Only panels that Grafana brings itself.
 */

/** Grafana's names for units. */
export type Unit = 'short' | 'none' | 's' | 'bytes' | 'percentunit' | 'reqps' | 'ops' | 'opm' | 'cps' | 'bool_on_off' | 'dateTimeFromNow';

export type PanelKind = 'timeseries' | 'stat' | 'table' | 'heatmap' | 'state-timeline' | 'bargauge';

export interface Query {
  expr: string;
  /** With labels in double braces; default: all labels. */
  legend?: string;
  /** Shows the traces behind single measurements; for histograms. */
  exemplar?: true;
}

export interface Panel {
  kind: PanelKind;
  title: string;
  /** What it means and what is normal, in sentences. */
  description: string;
  unit: Unit;
  queries: readonly Query[];
  /** Of the 24 columns. */
  width: number;
  height: number;
  /** Where it turns orange and red; lower than `min` and so on where `good` is high. */
  limits?: { orange?: number; red: number; good?: 'high' };
  /** Names of runbooks, without their ending. */
  runbooks?: readonly string[];
  stacked?: true;
  min?: number;
  max?: number;
  decimals?: number;
}

export interface Row {
  title: string;
  panels: readonly Panel[];
}

export interface Variable {
  name: string;
  label: string;
  /** Asked of Prometheus: `label_values(series, label)`. */
  query: string;
}

export interface Dashboard {
  /** Never changes: links and bookmarks hold it. */
  uid: string;
  title: string;
  description: string;
  variables: readonly Variable[];
  rows: readonly Row[];
}

type About = Omit<Panel, 'kind' | 'title' | 'queries' | 'unit' | 'width' | 'height'> & { width?: number; height?: number };

const graph = { width: 8, height: 8 };
const value = { width: 4, height: 4 };

function panel(kind: PanelKind, size: { width: number; height: number }) {
  return (title: string, unit: Unit, queries: readonly Query[], about: About): Panel => ({ kind, title, unit, queries, ...size, ...about });
}

/** A curve for each series. */
export const curves = panel('timeseries', graph);
/** One number, as it is now. */
export const number = panel('stat', value);
/** Rows of labels and a value, as they are now. */
export const list = panel('table', { width: 12, height: 8 });
/** How a histogram is spread over time. */
export const spread = panel('heatmap', { width: 12, height: 8 });
/** A strip for each series, coloured by its state. */
export const states = panel('state-timeline', graph);
/** A bar for each series, as it is now. */
export const bars = panel('bargauge', graph);

/** Per second, over a range that Grafana fits to the step and the scrape interval. */
export function perSecond(series: string): string {
  return `rate(${series}[$__rate_interval])`;
}

/** A quantile of a histogram's recent values, by these labels. */
export function quantile(q: number, histogram: string, labels: string, matchers = ''): string {
  const by = labels === '' ? 'le' : `${labels}, le`;
  return `histogram_quantile(${q}, sum by (${by}) (rate(${histogram}_bucket${matchers}[$__rate_interval])))`;
}

/** Half, 95 and 99 of 100 measurements, with the traces behind some of them. */
export function quantiles(histogram: string, matchers = ''): Query[] {
  return [0.5, 0.95, 0.99].map((q) => ({ expr: quantile(q, histogram, '', matchers), legend: `p${q * 100}`, exemplar: true }));
}
