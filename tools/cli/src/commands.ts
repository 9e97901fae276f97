/** Every subcommand, in the order of the help text. Each is loaded only when it is called. */
import { scopeNames } from '@souk/contracts';
import type { Command } from './command.ts';
import { choice, flag, numberBetween, text, wholeNumber } from './option-specs.ts';
import { proofCommands } from './proof-commands.ts';

const secondFactorCode = text('--code <code>', 'of the second factor of the account, where it has one');

export const commands: readonly Command[] = [
  {
    name: 'start',
    summary: 'the whole shop in one process, with its own PostgreSQL',
    details: `Starts everything and says where it listens. Ctrl-C stops it. Environment:
  PORT_BASE     first port (default 8000): the gateway; the services follow from +1 on
  SOUK_HOME     folder for everything that is kept (default .souk/)
  SOUK_SAMPLE   0 leaves the sample catalogue and customers out
  LOG_LEVEL     debug, info, warn (default here), error or silent
  RATE_LIMIT    off for load tests`,
    run: async () => (await import('./commands/start.ts')).start([]),
  },
  {
    name: 'up',
    summary: 'the distributed world: each service in processes of its own',
    options: [text('--replicas <list>', 'processes of a service, such as orders=2,inventory=2,gateway=2; one of each else', '')],
    details: `Starts everything, restarts what dies, Ctrl-C stops it. Environment, besides that of npm start:
  AMQP_URL              a RabbitMQ (nodes of a cluster: separated by commas); without it a private one, by rabbitmq-server of this machine
  REDIS_URL             a Redis or Valkey; without it a private one, by redis-server of this machine
  USERS_DATABASE_URL …  a database for each service; without it one of the embedded PostgreSQL
  INSTALLATION          name in front of keys and queues, where others share the Redis or the RabbitMQ
  LOG_FORMAT            json: the lines of the processes as they are; pretty: readable; without it
                        pretty on a terminal and json otherwise
Of what is named by a URL nothing is started, stopped or made but Souk's own tables, queues and keys.`,
    run: async ({ options }) => (await import('./commands/up.ts')).up(['--replicas', options.replicas]),
  },
  {
    name: 'import',
    summary: 'products from a CSV file (own columns, or an export of Shopify, WooCommerce or Magento)',
    words: ['<file>'],
    options: [
      text('--refused <file>', 'where refused rows go'),
      flag('--ignore-unknown-columns', 'leave columns aside whose name looks misspelt'),
      secondFactorCode,
    ],
    details: `Imports into the running shop. Running it again changes nothing that is equal. Own columns, in any order:
  name, price            needed; a price is a number such as 19.99
  sku                    without it a product is found again by handle (or group, or name) and its options
  description, category, image_url, status (active, draft, archived), handle
  currency               ISO 4217, such as EUR; without it the shop's own
  stock_quantity         pieces in stock; counts only when the product is created
  group                  what the variants of one thing have in common
  option:NAME            what a variant is, such as option:Size
  attribute:NAME         free attributes, such as attribute:Material
Separated by comma, semicolon, tab or |; UTF-8. Unknown columns are ignored and always printed. Where the name of
one looks misspelt ("Stock" for stock_quantity) nothing is imported, until --ignore-unknown-columns leaves it aside.
Refused rows go with line and reason beside the file: shop.csv has them in shop.refused.csv (--refused names another).
Exit code: 0 all rows taken, 3 some refused, 1 failed.`,
    run: async ({ words, options }) => (await import('./commands/import.ts')).importFile(words[0] as string, options),
  },
  ...proofCommands,
  {
    name: 'backup',
    summary: 'a backup of databases and secrets, while the shop runs',
    words: ['[folder]'],
    options: [numberBetween('--apart <seconds>', 'for trials: time between the snapshots of two databases', 0, 60, 0)],
    details: `Writes the shop of SOUK_HOME (running or not), or the databases named by USERS_DATABASE_URL and its like, into a new folder
(default souk-backup-TIME here). The folder appears when the backup is whole. It holds personal data and secrets.`,
    run: async ({ words, options }) => (await import('./commands/backup.ts')).backup(words[0], options.apart),
  },
  {
    name: 'restore',
    summary: 'a backup, into a new home or new databases',
    words: ['<folder>'],
    options: [
      flag('--replace', 'where SOUK_HOME holds a shop already: delete it once the restored one is in its place'),
      flag('--check', 'only say whether the backup is whole'),
    ],
    details: `Checks every file of the backup first, then restores into SOUK_HOME, or into the empty databases named by
USERS_DATABASE_URL and its like. Interrupted, it leaves what was there; run it again.`,
    run: async ({ words, options }) => (await import('./commands/restore.ts')).restore(words[0] as string, options),
  },
  {
    name: 'upgrade-database',
    summary: 'data of an older PostgreSQL, to the version that this Souk brings',
    options: [text('--programs <folder>', 'programs of the older version (bin/postgres); without it they are looked for')],
    details: `For the PostgreSQL of SOUK_HOME, with the shop stopped, when npm start says that the data is of an older version. Copies it into
a new data folder, which takes the place of the old one when it is whole. Interrupted, it leaves what was there; run it
again. The older programs are those that the Souk before left in SOUK_HOME, or /usr/lib/postgresql/VERSION, or --programs.
The old data is kept beside the new, for you to delete. It takes as much space as the data once more.`,
    run: async ({ options }) => (await import('./commands/upgrade-database.ts')).upgradeDatabase(options),
  },
  {
    name: 'republish',
    summary: 'publishes once more what changed since an instant',
    options: [text('--since <instant>', 'such as 2026-11-29T04:00:00Z')],
    details: `Of the running shop: every service publishes, from its state, the events of what changed since then, so that services whose
databases were restored to an earlier instant than that of orders come level with it. Consumers act once on each, however
often it comes. After souk restore this happens by itself.`,
    run: async ({ options }) => (await import('./commands/republish.ts')).republish(options.since),
  },
  {
    name: 'dead',
    summary: 'dead letters: list, show, replay, discard',
    words: ['[verb]', '[ids...]'],
    options: [
      text('--queue <queue>', 'those of one queue'),
      text('--reason <code>', 'those of one reason'),
      wholeNumber('--limit <n>', 'most that are listed', 1, 10_000, 50),
      flag('--json', 'as JSON'),
    ],
    details: `  list      those of --queue and --reason, or all
  show      one, by ID
  replay    by ID (one or several), or by --queue, --reason or both
  discard   likewise

Of the running shop, all services together. replay puts them back into their queues, attempts at zero.
Exit code: 0 done, 1 refused (no such letter), 2 a service did not answer, 64 wrong usage.`,
    run: async ({ words, options }) => (await import('./commands/dead.ts')).deadLetters(words, options),
  },
  {
    name: 'trace',
    summary: 'takes the traces of a shop and prints each as a tree',
    options: [
      wholeNumber('--port <port>', 'where traces are taken', 0, 65_535, 4_318),
      text('--only <words>', 'traces whose first span has these words in its name', ''),
      flag('--all', 'also the single spans of batches'),
    ],
    details: `A collector for a terminal. Start the shop beside it with OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318, and with
OTEL_BSP_SCHEDULE_DELAY=500 for not waiting 5 s.
A trace is printed once it has been quiet for a moment, and again when it goes on. --only takes those whose first
span has these words in its name, --all also the single spans of batches. Ctrl-C ends it.`,
    run: async ({ options }) => (await import('./commands/trace.ts')).watchTraces(options),
  },
  {
    name: 'token',
    summary: 'an access token of the running shop, for trying the API',
    options: [
      choice('--role <role>', 'whose token', ['customer', 'staff', 'admin'], 'customer'),
      flag('--scrape', 'what Prometheus shows the gateway for metrics and the registry; also kept in secrets/scrape_token of the home'),
      secondFactorCode,
    ],
    details: `Prints nothing but the token, with npm run --silent. One of an account is valid for 10 minutes.`,
    run: async ({ options }) => (await import('./commands/token.ts')).printToken(options.role, options.scrape === true, options.code),
  },
  {
    name: 'keys',
    summary: 'another key to sign access tokens with',
    words: ['<verb>'],
    options: [flag('--json', 'as JSON')],
    details: `Publishes a new signing key of the running shop, which takes over in 15 minutes. No session ends. While a key
waits for its first use, repeating the command answers that one, so an interrupted one can simply be repeated.`,
    run: async ({ words, options }) => (await import('./commands/keys.ts')).keys(words[0], options.json === true),
  },
  {
    name: 'api-key',
    summary: 'API keys for programs: create, list, revoke',
    words: ['<verb>', '[ids...]'],
    options: [
      text('--name <name>', 'create: what the key is for'),
      text('--scopes <list>', 'create: what it may do, such as orders:read,inventory:write'),
      text('--expires <when>', 'create: an instant such as 2027-11-29T00:00:00Z, or days such as 90d; without it never'),
      flag('--json', 'as JSON'),
      secondFactorCode,
    ],
    details: `  create    prints the key, and nothing else on the standard output: it is shown this once
  list      all keys, without their secrets
  revoke    by ID (one or several); a gateway that has just used a key notices within 30 seconds

Of the running shop, as its administrator. Scopes: ${scopeNames.join(', ')}.
Exit code: 0 done, 1 refused, 64 wrong usage.`,
    run: async ({ words, options }) => (await import('./commands/api-key.ts')).apiKeys(words, options),
  },
  {
    name: 'env',
    own_servers: true,
    summary: 'writes .env with random secrets for docker compose',
    options: [flag('--print', 'to the standard output, not into the file')],
    details: `Writes .env beside compose.yaml, readable by its owner only. What the file holds already stays as it is;
only what is missing is added.`,
    run: async ({ options }) => (await import('./commands/env.ts')).writeEnvironment(options.print === true),
  },
  {
    name: 'test',
    own_servers: true,
    summary: 'all tests',
    words: ['[words...]'],
    details: `Runs the test files whose path contains one of the words; all without words. Options of node:test (--test-…) are
passed on, such as --test-name-pattern='sold out'. On servers of its own; .env is not read.`,
    passes_on: true,
    run: async ({ raw }) => (await import('./test-run.ts')).runTests(raw),
  },
  {
    name: 'check',
    own_servers: true,
    summary: 'format, lint, types, boundaries, dead code, style',
    details: `biome (format, lint), tsc (types), dependency-cruiser (who imports whom), knip (dead code) and tidy (house rules), two at
a time. Each gets a line, a failing one also its own output. Exit code: 0 all passed, 1 one failed.`,
    run: async () => (await import('./check-run.ts')).runCheck(),
  },
  {
    name: 'bench',
    own_servers: true,
    summary: 'the benchmarks, as ratios in one run',
    words: ['[subject]'],
    options: [
      choice('--world <world>', 'distributed: a process for each service, RabbitMQ, Redis', ['embedded', 'distributed'], 'embedded'),
      wholeNumber('--seconds <n>', 'length of each of the three rounds', 1, 3_600, 20),
      wholeNumber('--open <n>', 'checkouts under way at the same time', 1, 100_000, 256),
      wholeNumber('--orders <n>', 'with audit: how many are audited', 1, 10_000_000, 1_000_000),
      wholeNumber('--users <n>', 'customers that order', 1, 1_000_000, 2_000),
      wholeNumber('--products <n>', 'products they order from', 1, 1_000_000, 500),
      wholeNumber('--requests <n>', "with gateway: requests between the two looks at the gateway's memory", 1, 100_000_000, 1_000_000),
      text('--rows <letters>', 'with gateway: which rows, of a read with a token (a), a product (b), 1 MB (c) and an order (d)'),
      flag('--prepared', 'with gateway: only before a service whose answers are prepared'),
      wholeNumber('--watchers <n>', 'with watchers: how many of each kind', 1, 100_000, 10_000),
      numberBetween('--traces <share>', 'share of checkouts that are traced; without it tracing is off', 0, 1),
      flag('--telemetry', 'instead: what metrics, logs and traces cost, as CPU for 1,000 checkouts, after a warm-up'),
    ],
    details: `With "gateway": CPU of the gateway for one request, against nginx (where it is installed) and the service alone. With "watchers":
memory of the gateway for each client that waits. With "audit": time and memory of an audit. With "commerce": what tax, shipping, promotions and codes cost. With "catalogue": lists, facets and suggestions of a large catalogue; --products is then 1000000.
Otherwise: starts a shop in a home of its own, measures it by turns with a yardstick on the same PostgreSQL, and removes it again.
Needs some minutes and an idle machine; .env is not read.`,
    run: async ({ raw }) => (await import('./commands/program.ts')).runProgram('bench/src/main.ts', raw),
  },
  {
    name: 'load',
    own_servers: true,
    summary: 'trials of the distributed world under load: kills, an outage, poison',
    words: ['<trial>'],
    options: [wholeNumber('--seconds <n>', 'length of the trial', 1, 600, 60), wholeNumber('--rate <n>', 'orders a second', 1, 200, 30)],
    details: `  kills           every process killed one after the other, RabbitMQ restarted, Redis killed
  broker-outage   RabbitMQ stopped for 30 s
  poison          20 poison messages among 2,000, dead-lettered and replayed

Starts the distributed world on servers of its own and removes it again; .env is not read. Needs rabbitmq-server and
redis-server in the PATH. Exit code: 0 everything held, 1 something did not.`,
    run: async ({ raw }) => (await import('./commands/program.ts')).runProgram('tests/load/src/main.ts', raw),
  },
  {
    name: 'new',
    own_servers: true,
    summary: 'the skeleton of a service, route, event or consumer',
    words: ['<kind>', '<name>'],
    options: [
      text('--method <method>', 'of a route; without it GET'),
      text('--path <path>', 'of a route; without it /api/ and the service'),
      text('--access <access>', 'of a route: public, authenticated (without it), staff or admin'),
      text('--owner <service>', 'of an event: the service that publishes it'),
      text('--event <type>', 'of a consumer: an event it consumes; once for each'),
    ],
    details: `  service NAME                 a plural noun, such as reviews
  route SERVICE.VERB-NOUN      such as reviews.list-reviews
  event NOUN.PARTICIPLE        such as review.created
  consumer SERVICE.VERB-NOUN   such as reviews.track-products

Writes files that pass npm run check, lists them where they have to be listed, and says what comes next. A name that is
taken or badly spelt is refused, and nothing is written then.`,
    run: async ({ raw }) => (await import('./commands/new.ts')).createNew([...raw]),
  },
  {
    name: 'generate',
    own_servers: true,
    summary: 'writes the reference documents',
    options: [flag('--check', 'write nothing, and fail when a document is stale')],
    details: `Writes docs/reference, .env.example, the JSON schemas of events and the dashboards, which all follow from the code.`,
    run: async ({ raw }) => (await import('./commands/program.ts')).runProgram('tools/generate/src/main.ts', raw),
  },
  {
    name: 'build-client',
    own_servers: true,
    summary: 'the client of the API as a package for other projects',
    options: [text('--folder <folder>', 'where it goes; without it packages/client/dist')],
    details: `JavaScript for browsers and Node, and types that need no other package. What was in the folder is replaced.`,
    run: async ({ raw }) => (await import('./commands/program.ts')).runProgram('tools/client-package/src/main.ts', raw),
  },
];
