/** What a subcommand declares of itself, and what it is given. */
import type { AccountRole } from '@souk/platform';
import type { ApiKeyOptions } from './commands/api-key.ts';
import type { AuditChoice } from './commands/audit.ts';
import type { DeadOptions } from './commands/dead.ts';
import type { ImportOptions } from './commands/import.ts';
import type { RestoreOptions } from './commands/restore.ts';
import type { TraceOptions } from './commands/trace.ts';
import type { UpgradeDatabaseOptions } from './commands/upgrade-database.ts';
import type { OptionSpec } from './option-specs.ts';

export interface Command {
  name: string;
  summary: string;
  /** What stands behind the name, as commander writes it: `<file>`, `[ids...]`. */
  words?: readonly string[];
  options?: readonly OptionSpec[];
  /** What the help says below the options. */
  details?: string;
  /** Options that are not its own are passed on. */
  passes_on?: boolean;
  /** It works on no shop of the environment, so that .env is not read: a test must not find the broker of the shop. */
  own_servers?: boolean;
  /** Exit code of a failure; default 1. */
  failure_exit?: number;
  run(given: Given): Promise<number>;
}

/** Of all commands; each gets those that it declares. */
type OptionValues = AuditChoice &
  ApiKeyOptions &
  DeadOptions &
  TraceOptions &
  ImportOptions &
  RestoreOptions &
  UpgradeDatabaseOptions & {
    replicas: string;
    apart: number;
    since?: string;
    keys?: string;
    role: AccountRole;
    scrape?: boolean;
    print?: boolean;
  };

/** The checked words of a command line. */
export interface Given {
  words: readonly string[];
  /** By the camelCase name of the option; checked by its OptionSpec. */
  options: Readonly<OptionValues>;
  /** All of it as it was written. */
  raw: string[];
}
