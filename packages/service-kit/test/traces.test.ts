import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { AppError, mapBounded } from '@souk/kernel';
import { until } from '@souk/messaging/testing';
import { createLog } from '@souk/telemetry';
import { startTraceReceiver, type TraceReceiver } from '@souk/trace-receiver';
import { loadConfig, PlatformConfig, type Service } from '../src/index.ts';
import { type TestService, testService } from '../src/testing.ts';
import { buildGifts } from './gift-shop.ts';

type Settings = Parameters<typeof testService<PlatformConfig, Service>>[1]['config'];

const [queueMax, batchMax, deliveryTimeoutMs, spansEnded] = [2_048, 512, 60_000, 3_000];
const sampled = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

async function withShop(
  config: NonNullable<Settings>,
  work: (shop: TestService<Service>) => Promise<void>,
  lines: string[] = [],
): Promise<void> {
  const log = createLog({ level: 'info', format: 'json', destination: { write: (line) => void lines.push(line) } });
  const shop = await testService(buildGifts, { name: 'orders', schema: PlatformConfig, config, overrides: { log } });
  try {
    await work(shop);
  } finally {
    await shop.stop();
  }
}

async function gift(shop: TestService<Service>, headers: Record<string, string> = {}): Promise<Response> {
  const authorization = `Bearer ${await shop.tokenFor()}`;
  return fetch(`${shop.url}/api/people/zoe/gifts`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ amount: 1 }),
  });
}

async function withReceiver(work: (receiver: TraceReceiver) => Promise<void>): Promise<void> {
  const receiver = await startTraceReceiver({ port: 0 });
  try {
    await work(receiver);
  } finally {
    await receiver.close();
  }
}

describe('a request', () => {
  it('is a server span below what its client sent, says which route it was and nothing of whom', () =>
    withReceiver(async (receiver) => {
      await withShop({ otel_exporter_otlp_endpoint: `${receiver.url}/`, instance_id: 'orders-7' }, async (shop) => {
        await gift(shop, { traceparent: sampled, 'x-correlation-id': 'story-0001' });
      });
      const [span, ...others] = receiver.spans();
      assert.deepEqual(others, []);
      const { span_id, started_ms, duration_ms, ...said } = span ?? assert.fail('no span came');
      assert.match(span_id, /^[0-9a-f]{16}$/);
      assert.ok(Math.abs(Date.now() - started_ms) < 60_000 && duration_ms > 0 && duration_ms < 60_000);
      assert.deepEqual(said, {
        trace_id: sampled.slice(3, 35),
        parent_id: sampled.slice(36, 52),
        name: 'POST /api/people/{person}/gifts',
        kind: 'server',
        failed: false,
        attributes: {
          'http.request.method': 'POST',
          'http.route': '/api/people/{person}/gifts',
          'souk.correlation_id': 'story-0001',
          'http.response.status_code': 201,
        },
        links: [],
        service: 'orders',
        instance_id: 'orders-7',
      });
    }));

  it('begins a trace of its own when its client sent none, and not when its client does not want one', () =>
    withReceiver(async (receiver) => {
      await withShop({ otel_exporter_otlp_endpoint: receiver.url }, async (shop) => {
        await gift(shop);
        await gift(shop, { traceparent: `${sampled.slice(0, -2)}00` });
        await gift(shop, { traceparent: 'nonsense' });
      });
      const spans = receiver.spans();
      assert.deepEqual(
        spans.map(({ parent_id }) => parent_id),
        [undefined, undefined],
      );
      assert.ok(spans.every(({ trace_id }) => trace_id !== sampled.slice(3, 35)));
    }));

  it('that only watches the service, or finds nothing there, begins none', () =>
    withReceiver(async (receiver) => {
      await withShop({ otel_exporter_otlp_endpoint: receiver.url }, async (shop) => {
        for (const path of ['/health', '/health/ready', '/metrics', '/api/nothing', '/']) await fetch(shop.url + path);
      });
      assert.deepEqual(receiver.spans(), []);
    }));

  it('is recorded by chance when a share is asked for', () =>
    withReceiver(async (receiver) => {
      await withShop({ otel_exporter_otlp_endpoint: receiver.url, otel_traces_sampler_arg: 0 }, async (shop) => {
        await gift(shop);
        await gift(shop, { traceparent: sampled });
      });
      assert.deepEqual(
        receiver.spans().map(({ trace_id }) => trace_id),
        [sampled.slice(3, 35)],
      );
    }));

  it('has one trace id in its line, its spans and its events', () =>
    withReceiver(async (receiver) => {
      const lines: string[] = [];
      await withShop({ otel_exporter_otlp_endpoint: receiver.url, log_level: 'info' }, async (shop) => void (await gift(shop)), lines);
      const line = lines.map((text) => JSON.parse(text) as Record<string, unknown>).find(({ msg }) => msg === 'request');
      assert.equal(line?.['trace_id'], receiver.spans()[0]?.trace_id);
    }));
});

describe('a collector', () => {
  it('gets the headers it asks for, at the address that was named', async () => {
    const asked: { url: string | undefined; key: unknown; type: unknown }[] = [];
    await withCollector(
      (request, response) => {
        asked.push({ url: request.url, key: request.headers['x-key'], type: request.headers['content-type'] });
        request.resume().on('end', () => response.end());
      },
      (url) =>
        withShop(
          { otel_exporter_otlp_traces_endpoint: `${url}/here`, otel_exporter_otlp_headers: 'x-key=a%3Db,x-other=1' },
          async (shop) => {
            await gift(shop);
          },
        ),
    );
    assert.deepEqual(asked, [{ url: '/here', key: 'a=b', type: 'application/x-protobuf' }]);
  });

  it('that hangs keeps no request waiting, holds a bounded number of spans, and the service ends in time', async () => {
    const lines: string[] = [];
    let longest_ms = 0;
    let kept: Record<string, number> = {};
    let ending_ms = 0;
    // It takes requests and never answers.
    await withCollector(
      (request) => void request.resume(),
      (url) =>
        withShop(
          { otel_exporter_otlp_endpoint: url, otel_exporter_otlp_timeout: deliveryTimeoutMs },
          async (shop) => {
            const ask = async (): Promise<void> => {
              const started = performance.now();
              await (await fetch(`${shop.url}/api/nobody-knows`, { headers: { traceparent: sampled } })).text();
              longest_ms = Math.max(longest_ms, performance.now() - started);
            };
            await mapBounded(Array.from({ length: spansEnded }), 32, ask);
            kept = spanCounts(await (await fetch(`${shop.url}/metrics`)).text());
            ending_ms = performance.now();
          },
          lines,
        ).then(() => {
          ending_ms = performance.now() - ending_ms;
        }),
    );
    const { dropped = 0, ...others } = kept;
    assert.deepEqual(others, {});
    assert.ok(dropped >= spansEnded - queueMax - batchMax && dropped < spansEnded - queueMax, `${dropped} were dropped`);
    assert.ok(longest_ms < deliveryTimeoutMs / 2, `a request took ${longest_ms} ms`);
    assert.ok(ending_ms < deliveryTimeoutMs / 2, `the service took ${ending_ms} ms to end`);
    assert.equal(lines.filter((line) => line.includes('traces cannot be delivered')).length, 1);
  });

  it('that is away, or refuses, is told of once; one that comes back is told of too', async () => {
    let status = 503;
    const lines: string[] = [];
    const saidOnce = (sentence: string): boolean => lines.filter((line) => line.includes(sentence)).length === 1;
    await withCollector(
      (request, response) => request.resume().on('end', () => response.writeHead(status).end()),
      (url) =>
        withShop(
          { otel_exporter_otlp_endpoint: url },
          async (shop) => {
            await gift(shop);
            await until(async () => (saidOnce('traces cannot be delivered') ? undefined : 'not told yet'), 10_000);
            status = 200;
            await gift(shop);
            await until(async () => (saidOnce('traces are delivered again') ? undefined : 'not told yet'), 10_000);
            assert.deepEqual(spanCounts(await (await fetch(`${shop.url}/metrics`)).text()), { failed: 1, exported: 1 });
          },
          lines,
        ),
    );
    assert.ok(saidOnce('traces cannot be delivered'));
  });
});

describe('the configuration of traces', () => {
  const env = { DATABASE_URL: 'postgres://localhost/orders', INTERNAL_TOKEN: 'k3J9x-0Qw7vT2mZp8LrYb5NcHs4GdFa1' };

  it('names what is wrong with it, and no secret', () => {
    const wrong = {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4317',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_HEADERS: 'key=100%',
      OTEL_EXPORTER_OTLP_TIMEOUT: '5',
      OTEL_TRACES_SAMPLER: 'always_on',
      OTEL_TRACES_SAMPLER_ARG: '1.5',
    };
    assert.throws(
      () => loadConfig('orders', PlatformConfig, { ...env, ...wrong }),
      (error) => {
        assert.ok(error instanceof AppError && error.code === 'config_invalid');
        const problems = error.details['problems'] as string[];
        assert.deepEqual(problems.map((line) => line.split(' ')[0]).sort(), Object.keys(wrong).sort());
        assert.ok(!error.message.includes('100%'));
        return true;
      },
    );
  });

  it('is empty by default, and then nothing is traced', async () => {
    await withShop({}, async (shop) => {
      assert.equal(shop.service.context.tracer.active, false);
      await gift(shop, { traceparent: sampled });
      assert.deepEqual(spanCounts(await (await fetch(`${shop.url}/metrics`)).text()), {});
    });
  });
});

/** `souk_traces_spans_total` by outcome, where there were any. */
function spanCounts(text: string): Record<string, number> {
  const found = text.matchAll(/^souk_traces_spans_total\{[^}]*outcome="(\w+)"[^}]*\} (\d+)/gm);
  return Object.fromEntries(
    [...found].map(([, outcome = '', value]) => [outcome, Number(value)] as const).filter(([, value]) => value > 0),
  );
}

async function listening(server: { listen(port: number, host: string, done: () => void): unknown; address(): unknown }): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function withCollector(listener: Parameters<typeof createServer>[1] & object, work: (url: string) => Promise<void>): Promise<void> {
  const server: Server = createServer(listener);
  try {
    await work(await listening(server));
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}
