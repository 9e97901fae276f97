/**
 * The port through which packages report figures; `service-kit` implements it on the Prometheus client. Labels must
 * come from a small fixed set (queue, route, outcome), never from data of a request.
 */
export type Labels = Readonly<Record<string, string>>;

export interface Metrics {
  /** Adds to a counter; `name` ends in `_total`. */
  count(name: string, labels?: Labels, by?: number): void;
  /** Records a duration or size in a histogram; durations in seconds. */
  observe(name: string, labels: Labels, value: number): void;
  /** Registers a function read at every scrape; several series by returning several values. */
  gauge(name: string, read: () => { labels: Labels; value: number }[]): void;
}

export const silentMetrics: Metrics = { count() {}, observe() {}, gauge() {} };
