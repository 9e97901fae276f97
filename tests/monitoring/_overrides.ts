/** The committed configuration, with what a test cannot wait for made shorter, and addresses of its own. */
import { readFile } from 'node:fs/promises';
import { platformKeys } from '@souk/kernel/platform-keys';
import { parse } from 'yaml';
import { type Alert, prometheusFolder, type Recording, type RuleGroup, ruleFiles } from './_committed.ts';

interface ScrapeConfig {
  job_name: string;
  authorization?: { type: string; credentials?: string; credentials_file?: string };
  http_sd_configs?: {
    url: string;
    refresh_interval: string;
    authorization: { type: string; credentials_file?: string; credentials?: string };
  }[];
  static_configs?: { targets: string[] }[];
  metric_relabel_configs?: object[];
}

export interface Addresses {
  gateway_url: string;
  internal_token: string;
}

const interval = '1s';
/** An exporter asks its server many questions for each scrape. */
const atLeisure = { scrape_interval: '5s', scrape_timeout: '5s' };
/** A check that only has to see that something is missing need not run so often. */
const slow_interval = '4s';

/**
 * prometheus.yml, asking every second. `servers` says where those of the distributed world answer, by job; their jobs
 * are left out where nothing is said. `renamed` gives a metric another name as it comes in.
 */
export async function quickConfig(
  { gateway_url, internal_token }: Addresses,
  own_address: string,
  servers: Readonly<Record<string, string | string[]>> = {},
  renamed?: string,
): Promise<object> {
  const text = await readFile(new URL('prometheus.yml', prometheusFolder), 'utf8');
  const config = parse(text) as { global: object; scrape_configs: ScrapeConfig[] };
  const jobs = config.scrape_configs.flatMap((job): ScrapeConfig[] => {
    const [discovery] = job.http_sd_configs ?? [];
    if (discovery) {
      const here = discovery.url.replace('http://gateway:8000', gateway_url);
      const asked = {
        ...discovery,
        url: here,
        refresh_interval: interval,
        authorization: { type: discovery.authorization.type, credentials: platformKeys(internal_token).scrapeToken() },
      };
      const { authorization } = asked;
      return [
        { ...job, authorization, http_sd_configs: [asked], ...(renamed !== undefined && { metric_relabel_configs: [renaming(renamed)] }) },
      ];
    }
    const address = job.job_name === 'prometheus' ? own_address : servers[job.job_name];
    return address === undefined ? [] : [{ ...job, ...atLeisure, static_configs: [{ targets: [address].flat() }] }];
  });
  const every = renamed === undefined ? interval : slow_interval;
  return {
    ...config,
    global: { scrape_interval: every, scrape_timeout: interval, evaluation_interval: every },
    scrape_configs: jobs,
  };
}

const renaming = (metric: string): object => ({
  source_labels: ['__name__'],
  regex: metric,
  target_label: '__name__',
  replacement: `${metric}_renamed`,
});

/** The committed rules, evaluated every second; alerts fire at once instead of after minutes. Nothing else is changed. */
export async function quickRules(): Promise<Record<string, { groups: RuleGroup[] }>> {
  const atOnce = (rule: Alert | Recording): Alert | Recording => {
    if (!('for' in rule)) return rule;
    const { for: _later, ...now } = rule;
    return now;
  };
  const files = await ruleFiles();
  return Object.fromEntries(
    files.map(({ file, groups }) => [file, { groups: groups.map((group) => ({ ...group, interval, rules: group.rules.map(atOnce) })) }]),
  );
}
