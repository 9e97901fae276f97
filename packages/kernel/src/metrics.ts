/**
 * The port through which packages report metrics; `telemetry` implements it on the Prometheus client. Names and labels
 * are those of the catalogue in `contracts`. Labels must come from a small fixed set (queue, route, outcome), never from
 * data of a request; the label `service` is added to every series.
 */
export type Labels = Readonly<Record<string, string>>;

export interface Sample {
  labels: Labels;
  value: number;
}

export interface Metrics {
  /** Adds to a counter; `name` ends in `_total`. By 0 the series exists, so that its first increase is seen. */
  count(name: string, labels?: Labels, by?: number): void;
  /** Records a duration or size in a histogram; durations in seconds. `traceparent` is the trace in which it was so: a recorded one is an example of its bucket. */
  observe(name: string, labels: Labels, value: number, traceparent?: string): void;
  /** Registers a function read at every scrape; several series by returning several values, none where nothing is known. */
  gauge(name: string, read: () => readonly Sample[] | Promise<readonly Sample[]>): void;
}

export const silentMetrics: Metrics = { count() {}, observe() {}, gauge() {} };
