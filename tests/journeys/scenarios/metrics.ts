import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, describe, test } from 'node:test';
import {
  cancelOrder,
  dataServices,
  getAudit,
  getProduct,
  getStatus,
  type MetricEntry,
  metricTable,
  type Order,
  processMetrics,
  type ServiceName,
  serviceNames,
} from '@souk/contracts';
import { mapBounded, systemIds } from '@souk/kernel';
import { until } from '@souk/platform/testing';
import { type Exposition, metricOf, readExposition, type ShownSeries, sampleOf } from '../_exposition.ts';
import { becomes, buy, openShop, type Shop, scraper, type WorldName } from '../_support.ts';

const catalogue = metricTable as Readonly<Record<string, MetricEntry>>;

/** Shown only where there is something to show: Redis and the shared tier in the distributed world. */
const worldly: Readonly<Record<WorldName, ReadonlySet<string>>> = {
  embedded: new Set(['souk_redis_away', 'souk_cache_tier_away', 'souk_cache_tier_failures_total']),
  distributed: new Set(),
};
/** Shown only after something has happened that these scenarios do not cause or do not count. */
const eventful = new Set(['souk_gateway_malformed_total', 'souk_gateway_rate_limit_keys']);

/** On a busy machine a question takes long, and is then asked less often. */
const samplesWaitMs = 60_000;
/** As often as a sample is asked for. */
const sampledEveryMs = 5_000;

/** What the metrics of all processes say, and what no request can make them say. */
export function metricsScenarios(world: WorldName): void {
  describe(`metrics in the ${world} world`, () => {
    let shop: Shop;
    before(async () => {
      // With the chaos switches there, so that all metrics are.
      shop = await openShop({ world, env: { CHAOS_TOKEN: systemIds.uuid() } });
    });
    after(() => shop.souk.stop());

    const scrape = async (name: ServiceName): Promise<Exposition> =>
      readExposition(await (await fetch(`${shop.souk.urlOf(name)}/metrics`, { headers: scraper(shop) })).text());
    const scrapeAll = async (): Promise<Map<ServiceName, Exposition>> =>
      new Map(await Promise.all(serviceNames.map(async (name) => [name, await scrape(name)] as const)));
    const all = async (): Promise<ShownSeries[]> => [...(await scrapeAll()).values()].flatMap(({ series }) => series);

    test('orders, revenue, refunds, refusals and transitions are counted as they happen', async () => {
      const [shopper, product] = [await shop.aShopper(), await shop.aProduct(3)];
      const before = await all();
      const [kept, declined, sold_out, given_back] = [
        await buy(shopper, product),
        await buy(shopper, product, { payment_method: 'tok_declined' }),
        await buy(shopper, product, { quantity: 9 }),
        await buy(shopper, product, { quantity: 2 }),
      ];
      const statuses = [kept, declined, sold_out, given_back].map(({ status }: Order) => status);
      assert.deepEqual(statuses, ['confirmed', 'cancelled', 'cancelled', 'confirmed']);
      await shopper.api.expect(200, cancelOrder, { params: { order_id: given_back.id }, body: {} });
      await becomes(shopper.api, given_back.id, 'cancelled');
      await shop.souk.settle();
      await until(async () => ((sampleOf(await all(), 'souk_payments_refunded_total') ?? 0) > 0 ? undefined : 'no refund yet'));
      const later = await all();
      const grown = (name: string, labels = {}): number => (sampleOf(later, name, labels) ?? 0) - (sampleOf(before, name, labels) ?? 0);
      assert.equal(grown('souk_orders_placed_total', { currency: 'EUR' }), 4);
      assert.equal(grown('souk_orders_revenue_minor_units_total', { currency: 'EUR' }), 3 * 12_995);
      assert.equal(grown('souk_payments_refunded_minor_units_total', { currency: 'EUR' }), 2 * 12_995);
      assert.equal(grown('souk_inventory_orders_total', { outcome: 'rejected' }), 1);
      assert.equal(grown('souk_checkout_transitions_total', { from: 'pending', to: 'cancelled', cause: 'inventory.rejected' }), 1);
      assert.equal(grown('souk_checkout_transitions_total', { from: 'confirmed', to: 'cancelled', cause: 'cancel_requested' }), 1);
      assert.equal(grown('souk_checkout_duration_seconds_count', { outcome: 'confirmed' }), 2);
      assert.equal(grown('souk_checkout_duration_seconds_count', { outcome: 'cancelled' }), 2);
      assert.ok(grown('souk_consumer_event_age_seconds_count', { queue: 'orders.checkout' }) >= 7);
      for (const service of ['gateway', 'orders'])
        assert.equal(grown('souk_http_requests_total', { service, route: '/api/orders', method: 'POST', status: '201' }), 4, service);
    });

    test('the table is asked for orders by status, the broker for its queues, the last audit for its age', async () => {
      await shop.admin.expect(200, getAudit, { query: { run: 'now' } });
      await until(
        async () => ((sampleOf(await all(), 'souk_checkout_orders', { status: 'cancelled' }) ?? 0) >= 3 ? undefined : 'old metrics'),
        samplesWaitMs,
      );
      const series = await all();
      assert.equal(sampleOf(series, 'souk_checkout_oldest_wait_seconds', { status: 'pending' }), 0);
      assert.equal(sampleOf(series, 'souk_queue_ready', { queue: 'orders.checkout' }), 0);
      assert.equal(sampleOf(series, 'souk_dead_letters', { queue: 'payments.create-payment' }), 0);
      assert.equal(sampleOf(series, 'souk_discovery_instances', { upstream: 'orders', state: 'healthy' }), 1);
      assert.equal(sampleOf(series, 'souk_audit_violations'), 0);
      assert.ok((sampleOf(series, 'souk_audit_age_seconds') ?? Number.NaN) < 60);
      assert.equal(sampleOf(series, 'souk_broker_connected'), dataServices.length);
    });

    test('what is shown is what the catalogue declares: names, types, labels and values', async () => {
      const [shopper, product] = [await shop.aShopper(), await shop.aProduct(1)];
      await shopper.api.expect(200, getProduct, { params: { product_id: product.id } });
      for (const [service, { series, types, help }] of await scrapeAll()) {
        for (const { name, labels } of series) {
          const metric = metricOf(name, types);
          if (!metric.startsWith('souk_')) {
            assert.ok(Object.hasOwn(processMetrics, metric), `${service} shows ${metric}, which is not in the catalogue`);
            assert.equal(labels['service'], undefined, 'metrics of the process belong to no service');
            assert.match(labels['process'] ?? '', /:\d+$/);
            continue;
          }
          const entry = catalogue[metric];
          assert.ok(entry, `${service} shows ${metric}, which is not in the catalogue`);
          assert.equal(types.get(metric), entry.type, metric);
          assert.ok(help.get(metric)?.startsWith(entry.help), metric);
          assert.equal(labels['service'], service, metric);
          assert.ok(entry.reported_by.includes(service), `${metric} is not said to be reported by ${service}`);
          const { service: _service, le: _le, ...own } = labels;
          assert.deepEqual(Object.keys(own).sort(), Object.keys(entry.labels).sort(), metric);
          for (const [label, values] of Object.entries(entry.labels))
            if (typeof values !== 'string') assert.ok(values.includes(own[label] ?? ''), `${metric}: ${label} is ${own[label]}`);
        }
      }
    });

    test('what the catalogue declares is shown by a process, and where its labels are known by every service it names', async () => {
      const shown = await scrapeAll();
      const missing = Object.entries(catalogue).flatMap(([name, entry]) => {
        if (worldly[world].has(name) || eventful.has(name)) return [];
        const showing = entry.reported_by.filter((service) =>
          shown.get(service)?.series.some((one) => one.name === name || one.name === `${name}_count`),
        );
        const open = Object.values(entry.labels).some((values) => typeof values === 'string');
        const enough = open ? showing.length > 0 : showing.length === entry.reported_by.length;
        return enough ? [] : [`${name}: ${entry.reported_by.filter((service) => !showing.includes(service)).join()}`];
      });
      assert.deepEqual(missing, []);
      for (const name of Object.keys(processMetrics))
        assert.ok(
          [...shown.values()].every(({ types }) => types.has(name)),
          `${name} is not reported any more`,
        );
    });

    test('odd requests make no series: paths, methods, agents, stories and upstreams are not labels', async () => {
      const flood = async (): Promise<void> => {
        const targets = serviceNames.map((name) => shop.souk.urlOf(name));
        await mapBounded(
          targets.flatMap((url) => oddRequests(url)),
          16,
          send,
        );
      };
      const count = async (): Promise<string[]> =>
        (await all())
          .filter(({ name }) => name.startsWith('souk_'))
          .map(({ name, labels }) => `${name} ${JSON.stringify(labels)}`)
          .sort();
      // Asks every service for its status, as the gateway also does by itself from time to time.
      await shop.staff.expect(200, getStatus);
      await flood();
      const before = await count();
      await flood();
      await flood();
      const later = await count();
      assert.deepEqual(
        later.filter((series) => !before.includes(series)),
        [],
      );
      assert.doesNotMatch(later.join('\n'), /odd-|%00|PROPFIND|zz-/);
    });

    test('scrapers that come together share the work, and what has to be asked is asked once', async () => {
      await until(async () => {
        const [first] = await Promise.all(Array.from({ length: 10 }, () => scrape('orders')));
        return (sampleOf(first?.series ?? [], 'souk_sample_age_seconds', { sample: 'orders' }) ?? 9) < 1
          ? undefined
          : 'the metrics are old';
      }, samplesWaitMs);
      const ages: number[] = [];
      const began = performance.now();
      for (let round = 0; round < 5; round += 1) {
        const scrapes = await Promise.all(Array.from({ length: 10 }, () => scrape('orders')));
        ages.push(...scrapes.map(({ series }) => sampleOf(series, 'souk_sample_age_seconds', { sample: 'orders' }) ?? Number.NaN));
      }
      assert.ok(ages.every(Number.isFinite));
      // An age that falls is a sample that was asked for again.
      const asked = ages.filter((age, index) => age < (ages[index - 1] ?? 0)).length;
      const most = Math.ceil((performance.now() - began) / sampledEveryMs);
      assert.ok(asked <= most, `asked ${asked} times instead of ${most}: ${ages.join(', ')}`);
    });
  });
}

/** What a stranger may try in order to fill the memory of a process with series; different each time. */
function oddRequests(url: string): { url: string; method: string; headers: Record<string, string> }[] {
  const odd = (): string => `odd-${systemIds.uuid()}`;
  const headers = (): Record<string, string> => ({
    'user-agent': odd(),
    'x-correlation-id': odd(),
    traceparent: odd(),
    referer: `https://${odd()}.example/`,
    authorization: `Bearer ${odd()}`,
  });
  const paths = [
    `/${odd()}`,
    `/api/orders/${odd()}`,
    `/api/products/${odd()}?${odd()}=1`,
    `/api/dead-letters/${odd()}`,
    `/registry/services/zz-${odd()}/${odd()}`,
    `/api/%00${odd()}`,
    `/api/%E0%A4%A${odd()}`,
    `/metrics/${odd()}`,
    `/health/${odd()}`,
  ];
  const methods = ['GET', 'POST', 'PROPFIND', 'DELETE', 'OPTIONS', 'HEAD', 'REPORT'];
  return paths.flatMap((path) => methods.map((method) => ({ url: `${url}${path}`, method, headers: headers() })));
}

function send({ url, method, headers }: { url: string; method: string; headers: Record<string, string> }): Promise<void> {
  const { origin } = new URL(url);
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(origin);
    const sent = request({ hostname, port, path: url.slice(origin.length), method, headers, agent: false }, (response) => {
      response.resume();
      response.on('end', resolve);
    });
    sent.on('error', reject);
    sent.end();
  });
}
