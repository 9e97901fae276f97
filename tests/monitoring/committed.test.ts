/** What can be said of rules and dashboards without running them: complete, consistent, and in the words of the catalogue. */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { metricTable, portOffsets, processMetrics, serviceNames } from '@souk/contracts';
import { parse } from 'yaml';
import { alerts, dashboards, expressions, isAlert, prometheusFolder, ruleFiles, runbookFolder } from './_committed.ts';
import { selectorsOf } from './_promql.ts';

const slugOf = (alert: string): string => alert.replaceAll(/(?<!^)([A-Z])/g, '-$1').toLowerCase();
const ownPanels = new Set(['row', 'timeseries', 'stat', 'table', 'heatmap', 'state-timeline', 'bargauge']);
/** What Prometheus says of itself and of what it scrapes. */
const ofPrometheus = /^(up|scrape_|ALERTS$|prometheus_)/;
const ofServers = /^(rabbitmq_|pg_|redis_)/;

const runbooks = async (): Promise<string[]> => (await readdir(runbookFolder)).filter((file) => file !== 'README.md').sort();

/** `souk_x_bucket` is a series of the histogram `souk_x`. */
function isCatalogued(metric: string): boolean {
  const base = metric.replace(/_(bucket|sum|count)$/, '');
  return [metric, base].some((name) => Object.hasOwn(metricTable, name) || Object.hasOwn(processMetrics, name));
}

function labelsOf(metric: string): readonly string[] | undefined {
  const name = [metric, metric.replace(/_(bucket|sum|count)$/, '')].find((candidate) => Object.hasOwn(metricTable, candidate));
  return name === undefined ? undefined : Object.keys(metricTable[name as keyof typeof metricTable].labels);
}

describe('the alerts', () => {
  it('each have a runbook of their name, and there is no runbook without an alert', async () => {
    const named = await alerts();
    assert.deepEqual(await runbooks(), named.map(({ alert }) => `${slugOf(alert)}.md`).sort());
    for (const { alert, annotations } of named) {
      assert.equal(annotations.runbook_url, `docs/runbooks/${slugOf(alert)}.md`);
      const text = await readFile(new URL(`${slugOf(alert)}.md`, runbookFolder), 'utf8');
      assert.ok(text.startsWith(`# ${alert}\n`), `${alert}: the runbook begins with its name`);
    }
  });

  it('say how urgent they are and what they mean', async () => {
    const all = await alerts();
    assert.equal(new Set(all.map(({ alert }) => alert)).size, all.length, 'no name twice');
    for (const { alert, labels, annotations } of all) {
      assert.ok(['page', 'ticket', 'info'].includes(labels.severity), alert);
      assert.ok(annotations.summary.length > 10 && annotations.summary.length < 100, alert);
      assert.ok(annotations.description.length > 20, alert);
    }
  });

  it('compare objectives in two windows each, fast and slow, and every window is recorded', async () => {
    const recorded = new Set(
      (await ruleFiles()).flatMap(({ groups }) =>
        groups.flatMap(({ rules }) => rules.flatMap((rule) => (isAlert(rule) ? [] : rule.record))),
      ),
    );
    for (const { expr, where } of await expressions())
      for (const { metric } of selectorsOf(expr))
        if (metric.startsWith('souk:')) assert.ok(recorded.has(metric), `${where}: ${metric} is not recorded`);
    for (const ratio of ['checkout_failures', 'checkout_slowness', 'read_failures'])
      for (const window of ['5m', '30m', '1h', '2h', '6h', '1d', '3d']) assert.ok(recorded.has(`souk:${ratio}:ratio_rate${window}`));
  });
});

describe('every expression', () => {
  it('uses metrics and labels of the catalogue', async () => {
    for (const { where, expr } of await expressions())
      for (const { metric, labels } of selectorsOf(expr)) {
        if (metric.startsWith('souk:') || ofPrometheus.test(metric) || ofServers.test(metric)) continue;
        assert.ok(isCatalogued(metric), `${where}: ${metric} is not in the catalogue`);
        const known = labelsOf(metric);
        for (const label of labels)
          if (known) assert.ok([...known, 'service', 'instance', 'le'].includes(label), `${where}: ${metric} has no label ${label}`);
      }
  });

  it('writes no bound of a histogram that Prometheus 2 and 3 spell differently', async () => {
    for (const { where, expr } of await expressions()) assert.doesNotMatch(expr, /le=~?"\d+(\.0)?"/, where);
  });

  it('between them they use nearly every metric that Souk reports', async () => {
    const used = new Set(
      (await expressions()).flatMap(({ expr }) => selectorsOf(expr).map(({ metric }) => metric.replace(/_(bucket|sum|count)$/, ''))),
    );
    const unused = Object.keys(metricTable).filter((metric) => !used.has(metric));
    // Counted for whoever looks closer: each is told by another one on the same dashboard.
    assert.deepEqual(unused.sort(), [
      'souk_cache_entries',
      'souk_cache_invalidations_total',
      'souk_cache_load_seconds',
      'souk_cache_tier_failures_total',
      'souk_redis_failures_total',
      'souk_redis_losses_total',
      'souk_webhook_attempt_seconds',
    ]);
  });
});

describe('the dashboards', () => {
  it('have names that stay, and panels that Grafana brings itself', async () => {
    const all = await dashboards();
    assert.equal(new Set(all.map(({ uid }) => uid)).size, all.length);
    for (const { file, uid, panels } of all) {
      assert.equal(uid, `souk-${file.replace('.json', '')}`);
      assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length, `${file}: ids`);
      for (const { type, title } of panels) assert.ok(ownPanels.has(type), `${file}: ${title} is a ${type}`);
    }
  });

  it('explain every panel, give it a unit, and link only to runbooks that are there', async () => {
    const present = new Set(await runbooks());
    for (const { file, panels } of await dashboards())
      for (const { type, title, description = '', fieldConfig, links = [], targets = [] } of panels.filter(
        (panel) => panel.type !== 'row',
      )) {
        assert.ok(description.length > 3 && description.endsWith('.'), `${file}: ${title} has no description`);
        assert.ok(fieldConfig?.defaults.unit, `${file}: ${title} has no unit`);
        assert.ok(targets.length > 0, `${file}: ${title} shows nothing`);
        for (const { url } of links) assert.ok(present.has(url.replace('/public/runbooks/', '')), `${file}: ${title} links to ${url}`);
        const steps = fieldConfig.defaults.thresholds?.steps ?? [];
        if (links.length > 0 && type === 'stat') assert.ok(steps.length > 1, `${file}: ${title} has a runbook and no threshold`);
      }
  });

  it('show the traces behind latencies', async () => {
    const panels = (await dashboards()).flatMap(({ panels: all }) => all);
    const latencies = panels.filter(({ targets = [] }) =>
      targets.some(({ expr }) => /(request_duration|checkout_duration|event_age)_seconds_bucket/.test(expr)),
    );
    assert.ok(latencies.length > 10);
    for (const { title, targets = [] } of latencies)
      assert.ok(
        targets.some(({ exemplar }) => exemplar),
        title,
      );
  });
});

describe('the source of the dashboards', () => {
  it('leads from an exemplar, by the label it carries, to where its trace is shown', async () => {
    const text = await readFile(new URL('../grafana/provisioning/datasources/prometheus.yml', prometheusFolder), 'utf8');
    const { datasources } = parse(text) as {
      datasources: { jsonData: { exemplarTraceIdDestinations: { name: string; url: string }[] } }[];
    };
    const destinations = datasources.flatMap(({ jsonData }) => jsonData.exemplarTraceIdDestinations);
    assert.deepEqual(
      destinations.map(({ name, url }) => [name, url]),
      // Grafana fills in variables of its environment; `$$` is a dollar that it leaves for the link itself.
      [['trace_id', '$TRACES_URL/$${__value.raw}']],
    );
    assert.match(await readFile(new URL('../../../compose.yaml', prometheusFolder), 'utf8'), /^ +TRACES_URL: \$\{TRACES_URL:-http/m);
  });
});

describe('the configurations of Prometheus', () => {
  interface ScrapeConfig {
    job_name: string;
    honor_labels?: boolean;
    static_configs?: { targets: string[]; labels?: { service: string } }[];
    http_sd_configs?: { url: string; authorization: { type: string } }[];
  }
  const read = async (file: string): Promise<ScrapeConfig[]> =>
    (parse(await readFile(new URL(file, prometheusFolder), 'utf8')) as { scrape_configs: ScrapeConfig[] }).scrape_configs;

  it('ask the registry, or know every service by its address', async () => {
    for (const file of ['prometheus.yml', 'prometheus.local.yml']) {
      const souk = (await read(file)).find(({ job_name }) => job_name === 'souk');
      assert.match(souk?.http_sd_configs?.[0]?.url ?? '', /:8000\/registry\/targets$/);
      assert.equal(souk?.http_sd_configs?.[0]?.authorization.type, 'Bearer');
      assert.equal(souk?.honor_labels, true);
    }
    const fixed = (await read('prometheus.static.yml')).find(({ job_name }) => job_name === 'souk');
    assert.deepEqual(
      fixed?.static_configs?.map(({ targets: [address = ''], labels }) => [labels?.service, address]),
      serviceNames.map((name) => [name, `${name}:${8000 + portOffsets[name]}`]),
    );
  });

  it('differ in nothing else', async () => {
    const others = async (file: string) => (await read(file)).filter(({ job_name }) => job_name !== 'souk');
    assert.deepEqual(await others('prometheus.static.yml'), await others('prometheus.yml'));
  });
});
