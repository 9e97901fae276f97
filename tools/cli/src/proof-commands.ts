/** The subcommands that prove and explain what happened. */
import type { Command } from './command.ts';
import { choice, flag, numberBetween, several, text, wholeNumber } from './option-specs.ts';

export const proofCommands: readonly Command[] = [
  {
    name: 'audit',
    failure_exit: 2,
    summary: 'proves that the books balance, across all services',
    options: [
      flag('--json', 'the report as JSON'),
      numberBetween('--grace <seconds>', 'age at which what looks unfinished counts', 0, 3_600, 60),
      text('--order <order>', 'judges one order and the products in it: by its id, or its number'),
    ],
    details: `Exit code: 0 balanced, 1 violations (each is printed with its ids), 2 could not be audited, 64 wrong usage.
What changed within the last 60 s (--grace) and looks unfinished is looked at again until it has settled.`,
    run: async ({ options }) => (await import('./commands/audit.ts')).auditBooks(options),
  },
  {
    name: 'why',
    summary: 'what happened to an order, across all services, and why',
    words: ['<order>'],
    options: [flag('--json', 'as JSON')],
    details: `ORDER is the id of an order or its number, such as S-10001. Says from durable records alone, in causal order: the request,
transitions, events with their ids and delays, retries, dead letters, provider calls, refunds, stock and money, mails.
Exit code: 0 said, 1 no such order, 2 said in part (a service did not answer and is named), or nothing could be asked.`,
    failure_exit: 2,
    run: async ({ words, options }) => (await import('./commands/why.ts')).explainOrder(words[0] as string, options.json === true),
  },
  {
    name: 'verify-receipt',
    failure_exit: 2,
    summary: 'whether a receipt is genuine, without asking the shop about the order',
    words: ['<file>'],
    options: [text('--keys <file>', 'a saved key set; without it that of the home')],
    details: `FILE is the answer of GET /api/orders/ORDER/receipt, saved as it came. The key set is that of /.well-known/receipt-keys.json; a home
keeps a copy, which is renewed when its shop runs. With --keys nothing is connected to.
Exit code: 0 genuine, 1 not genuine (altered, forged, or signed by another shop), 2 it could not be checked, 64 wrong usage.`,
    run: async ({ words, options }) => (await import('./commands/verify-receipt.ts')).verifyReceipt(words[0] as string, options.keys),
  },
  {
    name: 'prove',
    own_servers: true,
    summary: 'a shop under load and faults, judged by what clients saw and what its databases say',
    options: [
      wholeNumber('--buyers <n>', 'customers at once', 1, 2_000, 50),
      wholeNumber('--stock <n>', 'pieces of the product that sells out', 1, 1_000_000, 50),
      wholeNumber('--seconds <n>', 'how long faults strike', 2, 3_600, 30),
      text(
        '--chaos <kinds>',
        'all, none, or some of: kill, stop, database, broker, redis, network, messages, provider, clock, outage; with --attach: switches',
        'all',
      ),
      text('--seed <text>', 'the same seed gives the same plan of orders and faults; without it one is made and printed'),
      choice('--world <world>', 'distributed: a process for each service, RabbitMQ, Redis; without it embedded', [
        'embedded',
        'distributed',
      ]),
      wholeNumber('--replicas <n>', 'distributed: processes of each service; without it 2', 1, 4),
      wholeNumber('--codes <n>', 'uses of one code that buyers compete for; without it there is no code', 1, 100_000),
      flag('--parcels', 'orders leave in several parcels'),
      flag('--returns', 'goods are sent back, put into stock or written off, and refunded'),
      choice('--provider <provider>', 'stripe: payments through a stand-in for Stripe; without it the sandbox', ['sandbox', 'stripe']),
      text('--sabotage <name>', 'switches one protection off, so that the proof must fail; all tries each, list names them'),
      flag('--attach', 'takes the running shop of SOUK_HOME, and leaves it running'),
      flag('--json', 'the report as JSON'),
      flag('--keep', 'keeps the home of the shop'),
    ],
    details: `Starts a shop in a home of its own and lets buyers and staff use it while faults strike; lets it heal; sells what is left; and holds
every answer that a client got against the databases, read while no service runs, beside the auditor's verdict.
With --attach the load goes to a shop that runs, with products and customers of the proof's own, who are taken out and erased at
the end; orders stay. Faults are then those of its chaos switches, where CHAOS_TOKEN is set.
Exit code: 0 everything held, 1 something did not, 2 the shop could not be run, 64 wrong usage.`,
    run: async ({ options }) => (await import('./commands/program.ts')).runProgram('tests/prove/src/main.ts', [JSON.stringify(options)]),
  },
  {
    name: 'pictures',
    own_servers: true,
    summary: 'takes the pictures in docs/pictures of a shop that it starts',
    words: ['[parts...]'],
    details: `Needs Chromium. With parts of names only the pictures whose names contain one are taken, and their list is left as it is.
Exit code: 0 taken, 1 a page did not open.`,
    run: async ({ words }) => (await import('./commands/program.ts')).runProgram('tests/browser/take-pictures.ts', words),
  },
  {
    name: 'saga',
    own_servers: true,
    summary: 'explores every state that the checkout can reach',
    options: [flag('--smoke', 'the small configurations only'), flag('--json', 'the result as JSON')],
    details: `Enumerates, by the decisions that production runs, every order of messages, repeats, kills, answers of the provider, deadlines,
cancellations, shipments and refunds, within bounds that are printed; counts states and transitions; and prints the steps
to a violation. All of it takes a minute, --smoke seconds. Exit code: 0 no violation, 1 a violation, 64 wrong usage.`,
    run: async ({ raw }) => (await import('./commands/program.ts')).runProgram('tools/saga-explorer/src/main.ts', raw),
  },
  {
    name: 'mutate',
    own_servers: true,
    summary: 'changes decisions and protections one at a time, and says which change no test notices',
    options: [
      several('--only <part>', 'the mutants whose file or name contains it; decisions, protections are all of a kind'),
      wholeNumber('--jobs <n>', 'how many run at the same time; without it one for each processor', 1, 64),
      flag('--list', 'says what there is, and runs nothing'),
      flag('--json', 'the result as JSON'),
    ],
    details: `Decisions are domain/ of orders, inventory and payments; protections are listed statements and lines of stores, use cases, messaging
and the embedded broker. On a PostgreSQL of its own; nothing on the disk is changed. A quarter of an hour in all on two cores.
Exit code: 0 at least 90 % of each are killed and each survivor has a reason, 1 not so, 2 tests fail without a mutant, 64 wrong usage.`,
    run: async ({ options }) =>
      (await import('./commands/program.ts')).runProgram(
        'tools/mutation/src/main.ts',
        [JSON.stringify(options)],
        // It strips types by Node's own function, which is called experimental.
        ['--disable-warning=ExperimentalWarning'],
      ),
  },
  {
    name: 'simulate',
    own_servers: true,
    summary: 'a whole shop on a virtual clock, seed by seed; a seed that fails is replayed and reduced',
    options: [
      wholeNumber('--seed <n>', 'the first seed; alone it is the only one; without it 1', 0, 2_147_483_647),
      wholeNumber('--seeds <n>', 'how many seeds, from the first on; without it 100, or 1 with --seed', 1, 1_000_000),
      wholeNumber('--orders <n>', 'orders of each run', 1, 200, 4),
      wholeNumber('--faults <n>', 'faults of each run', 0, 200, 6),
      wholeNumber('--workers <n>', 'processes that simulate at the same time; without it one for each core', 1, 64),
      text('--sabotage <name>', 'switches one protection off, so that a seed must fail; list names them'),
      flag('--twice', 'runs each seed twice, and fails where the two runs differ'),
      flag('--trace', 'prints the run of a single seed step by step, also where it holds'),
      flag('--json', 'the result as JSON'),
    ],
    details: `Runs orders, inventory, payments and notifications, their own code on a real PostgreSQL, in one process on a virtual clock. A seed
decides how long everything takes, and with it the order of everything: it gives the same run, step by step. The first seed that
fails is reduced to the fewest faults and orders, and printed step by step.
Exit code: 0 everything held, 1 a seed failed, 2 it could not be run, 64 wrong usage.`,
    run: async ({ options }) => (await import('./commands/program.ts')).runProgram('tools/simulate/src/main.ts', [JSON.stringify(options)]),
  },
];
