import { eachFile, type Rule, type SourceFile, type Violation } from '../source-file.ts';

const folders = ['domain', 'use-cases', 'http', 'consumers', 'jobs', 'store', 'clients', 'workers'];
const required = ['README.md', 'package.json', 'src/main.ts', 'src/index.ts', 'src/config.ts', 'src/service.ts', 'src/context.ts'];
const optionalFiles = ['src/events.ts'];
const gatewayFiles = ['src/route-table.ts'];

const allowed = [
  ...[...required, ...optionalFiles].map((path) => new RegExp(`^${path.replaceAll('.', '\\.')}$`)),
  new RegExp(`^src/(${folders.join('|')})/[^/]+\\.ts$`),
  /^src\/[^/]+\.test\.ts$/,
  /^migrations\/\d{4}_[a-z0-9_]+(\.concurrently)?\.sql$/,
  /^templates\/(?:[a-z]{2}\/)?[^/]+$/,
  /^test\/[^/]+$/,
];

const inService = /^services\/([^/]+)\/(.+)$/;

function isAllowed(service: string, path: string): boolean {
  return allowed.some((pattern) => pattern.test(path)) || (service === 'gateway' && gatewayFiles.includes(path));
}

/** A service holds nothing but the skeleton: who knows one service knows all. */
export const skeletonOnly: Rule = eachFile('skeleton-only', inService, (file) => {
  const [, service = '', path = ''] = inService.exec(file.path) ?? [];
  if (isAllowed(service, path)) return [];
  const message = `not part of the skeleton of a service; move it into src/{${folders.join(',')}}/ (no deeper folders), migrations/0001_name.sql, templates/ or test/`;
  return [{ path: file.path, line: 1, message }];
});

function missingIn(service: string, paths: ReadonlySet<string>): Violation[] {
  const missing = required.filter((path) => !paths.has(`services/${service}/${path}`));
  return missing.map((path) => ({
    path: `services/${service}/${path}`,
    line: 1,
    message: 'every service has this file; copy it from a neighbour and change what differs',
  }));
}

/** Every service has the whole fixed part of the skeleton. */
export const skeletonWhole: Rule = {
  name: 'skeleton-whole',
  check: (files: readonly SourceFile[]) => {
    const paths = new Set(files.map((file) => file.path));
    const services = new Set(files.flatMap((file) => inService.exec(file.path)?.[1] ?? []));
    return [...services].flatMap((service) => missingIn(service, paths));
  },
};

const consumer = /^services\/([^/]+)\/src\/consumers\/([^/]+)\.ts$/;

/** The path is the address: the queue `inventory.reserve-stock` is read in services/inventory/src/consumers/reserve-stock.ts. */
export const consumerIsQueue: Rule = eachFile('consumer-is-queue', consumer, (file) => {
  const [, service, name] = consumer.exec(file.path) ?? [];
  if (name?.endsWith('.test') || file.text.includes(`queue: '${service}.${name}'`)) return [];
  return [
    { path: file.path, line: 1, message: `a consumer file is named after its queue; write queue: '${service}.${name}' or rename the file` },
  ];
});
