/** Every subcommand, in the order of the help text. Each is loaded only when it is called. */
export interface Command {
  name: string;
  summary: string;
  usage: string;
  /** The command reads --help itself. */
  own_help?: boolean;
  run(args: string[]): Promise<number>;
}

export const commands: readonly Command[] = [
  {
    name: 'start',
    summary: 'the whole shop in one process, with its own PostgreSQL',
    usage: `npm start

  Starts everything and says where it listens. Ctrl-C stops it. Environment:
    PORT_BASE     first port (default 8000): the gateway; the services follow at +1 to +6
    SOUK_HOME     folder for everything that is kept (default .souk/)
    SOUK_SAMPLE   0 leaves the sample catalogue and customers out
    LOG_LEVEL     debug, info, warn (default here), error or silent
    RATE_LIMIT    off for load tests`,
    run: async (args) => (await import('./commands/start.ts')).start(args),
  },
  {
    name: 'up',
    summary: 'the distributed world: each service in processes of its own',
    usage: `npm run up [-- --replicas orders=2,inventory=2,gateway=2]

  Starts everything, restarts what dies, Ctrl-C stops it. Environment, besides that of npm start:
    AMQP_URL              a RabbitMQ; without it a private one, by rabbitmq-server of this machine
    REDIS_URL             a Redis or Valkey; without it a private one, by redis-server of this machine
    USERS_DATABASE_URL …  a database for each service; without it one of the embedded PostgreSQL
    INSTALLATION          name in front of keys and queues, where others share the Redis or the RabbitMQ
    LOG_FORMAT            json: the lines of the processes as they are; pretty: readable; without it
                          pretty on a terminal and json otherwise
  Of what is named by a URL nothing is started, stopped or made but Souk's own tables, queues and keys.`,
    run: async (args) => (await import('./commands/up.ts')).up(args),
  },
  {
    name: 'import',
    summary: 'products from a CSV file (Shopify export or own columns)',
    usage: `npm run souk -- import FILE.csv [--refused FILE]

  Imports into the running shop. Running it again changes nothing that is equal. Refused rows go with
  line and reason into FILE.refused.csv. Exit code: 0 all rows taken, 3 some refused, 1 failed.`,
    run: async (args) => (await import('./commands/import.ts')).importFile(args),
  },
  {
    name: 'audit',
    summary: 'proves that the books balance, across all services',
    usage: `npm run souk -- audit [--json] [--grace SECONDS]

  Exit code: 0 balanced, 1 violations (each is printed with its ids), 2 could not be audited.
  What changed within the last 60 s (--grace) and looks unfinished is looked at again until it has settled.`,
    run: async (args) => (await import('./commands/audit.ts')).auditBooks(args),
  },
  {
    name: 'dead',
    summary: 'dead letters: list, show, replay, discard',
    usage: `npm run souk -- dead list [--queue QUEUE] [--reason CODE] [--limit N] [--json]
npm run souk -- dead show ID [--json]
npm run souk -- dead replay ID … | --queue QUEUE | --reason CODE
npm run souk -- dead discard ID … | --queue QUEUE | --reason CODE

  Of the running shop, all services together. replay puts them back into their queues, attempts at zero.
  Exit code: 0 done, 1 refused (no such letter, wrong words), 2 a service did not answer.`,
    run: async (args) => (await import('./commands/dead.ts')).deadLetters(args),
  },
  {
    name: 'trace',
    summary: 'takes the traces of a shop and prints each as a tree',
    usage: `npm run souk -- trace [--port 4318] [--only "POST /api/orders"] [--all]

  A collector for a terminal. Start the shop beside it with OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318, and with
  OTEL_BSP_SCHEDULE_DELAY=500 for not waiting 5 s.
  A trace is printed once it has been quiet for a moment, and again when it goes on. --only takes those whose first
  span has these words in its name, --all also the single spans of batches. Ctrl-C ends it.`,
    run: async (args) => (await import('./commands/trace.ts')).watchTraces(args),
  },
  {
    name: 'token',
    summary: 'an access token of the running shop, for trying the API',
    usage: `npm run --silent souk -- token [--role customer|staff|admin]

  Prints nothing but the token (default role: customer). It is valid for 10 minutes.`,
    run: async (args) => (await import('./commands/token.ts')).printToken(args),
  },
  {
    name: 'env',
    summary: 'writes .env with random secrets for docker compose',
    usage: `npm run souk -- env [--print]

  Writes .env beside compose.yaml, readable by its owner only. What the file holds already stays as it is;
  only what is missing is added. --print writes it to the standard output instead (with npm run --silent).`,
    run: async (args) => (await import('./commands/env.ts')).writeEnvironment(args),
  },
  {
    name: 'test',
    summary: 'all tests',
    usage: 'npm test [-- WORD …]\n\n  Runs the test files whose path contains one of the words; all without words.',
    run: async (args) => (await import('./test-run.ts')).runTests(args),
  },
  {
    name: 'check',
    summary: 'format, lint, types, boundaries, dead code, style',
    usage: 'npm run check',
    run: async (args) => (await import('./check-run.ts')).runCheck(args),
  },
  {
    name: 'bench',
    summary: 'the benchmarks, as ratios in one run',
    usage: 'npm run bench [-- --seconds N] [--open N] [--users N] [--traces SHARE]',
    own_help: true,
    run: async (args) => (await import('./commands/program.ts')).runProgram('bench/src/main.ts', args),
  },
  {
    name: 'load',
    summary: 'trials of the distributed world under load: kills, an outage, poison',
    usage: 'npm run load -- kills|broker-outage|poison [--seconds 60] [--rate 30]',
    own_help: true,
    run: async (args) => (await import('./commands/program.ts')).runProgram('tests/load/src/main.ts', args),
  },
  {
    name: 'generate',
    summary: 'writes the reference documents',
    usage: 'npm run generate [-- --check]\n\n  --check writes nothing and fails when a document is stale.',
    run: async (args) => (await import('./commands/program.ts')).runProgram('tools/generate/src/main.ts', args),
  },
];

/** The overview, or the usage of one command. */
export function helpText(name?: string): string {
  const command = commands.find((candidate) => candidate.name === name);
  if (command) return `${command.usage}\n`;
  const rows = commands.map((row) => `  ${row.name.padEnd(10)}${row.summary}`);
  return `souk: an event-driven shop whose books always balance\n\n${rows.join('\n')}\n\n  npm run souk -- help COMMAND tells more.\n`;
}
