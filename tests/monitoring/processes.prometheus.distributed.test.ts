/** What only a platform of several processes can suffer, seen by a Prometheus that finds them in the registry. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { serviceNames } from '@souk/contracts';
import { required } from '@souk/kernel';
import { findFreePorts } from '@souk/kernel/ports';
import { until } from '@souk/platform/testing';
import { aShopProcess, type ShopProcess } from '@souk/platform/testing/shop-process';
import { playRound } from './_fault.ts';
import { quickConfig, quickRules } from './_overrides.ts';
import { hoarder, type Processes, processFaults } from './_process-faults.ts';
import { findProgram, type Prometheus, startPrometheus } from './_prometheus.ts';

const program = required(await findProgram('prometheus'), 'prometheus in the PATH');
const limit_ms = 45_000;

describe('what the rules say of processes', () => {
  let shop: ShopProcess;
  let prometheus: Prometheus;
  let scene: Processes;

  before(async () => {
    shop = await aShopProcess({ LOG_LEVEL: 'warn', ...hoarder }, ['up']);
    await shop.start();
    const internal_token = (await readFile(join(shop.home, 'secrets', 'internal_token'), 'utf8')).trim();
    const port = required((await findFreePorts(1))[0], 'a free port');
    const config = await quickConfig({ gateway_url: shop.gateway_url, internal_token }, `127.0.0.1:${port}`);
    prometheus = await startPrometheus(program, { port, config, rules: await quickRules() });
    scene = { shop, prometheus };
    await until(
      async () => ((await prometheus.now('up{job="souk"} == 1')).length === serviceNames.length ? undefined : 'not all are scraped'),
      limit_ms,
    );
  });
  after(async () => {
    await prometheus?.stop();
    await shop?.end();
  });

  for (const fault of processFaults)
    test(`an alert fires for ${fault.what}, and its runbook ends it`, () => playRound([fault], scene, limit_ms));
});
