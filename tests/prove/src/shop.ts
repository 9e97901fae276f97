/** The shop under proof, as a user would start it, and everything that is done to it from outside. */
import type { ChaosSwitches } from './chaos-switches.ts';
import type { DatabaseUrls } from './end-state.ts';

export interface ShopProcess {
  name: string;
  pid: number;
}

export interface Shop {
  readonly home: string;
  readonly gateways: readonly string[];
  /** Where accounts are made and signed in: at the gateways, or at users itself, whose requests no limit counts. */
  readonly accounts: readonly string[];
  /** Starts what is not running, and resolves when it is up. */
  start(): Promise<void>;
  /** What can be done to its processes and its PostgreSQL; undefined for a shop that was running already. */
  readonly machine: Machine | undefined;
  /** RabbitMQ and Redis; undefined in one process. */
  readonly servers: { restartBroker(how: 'kill' | 'stop'): Promise<void>; restartRedis(): Promise<void> } | undefined;
  /** Disturbs connections between the processes; undefined in one process. */
  readonly network: Network | undefined;
  /** The fault injection that a running shop allows; undefined for one of the proof's own. */
  readonly switches: ChaosSwitches | undefined;
  /** Runs `souk …` against it. */
  souk(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }>;
  /** What its processes wrote last; nothing of one that was running already. */
  said(): string;
  /** Stops the services in order, where they are ours; then `read` may use the databases. */
  stop(): Promise<void>;
  withDatabases<T>(read: (urls: DatabaseUrls) => Promise<T>): Promise<T>;
  /** Ends whatever is left, and removes the home unless it is kept. */
  end(): Promise<void>;
}

export interface Machine {
  /** Those that can be killed one by one; each comes back by itself or by `start`. */
  processes(): Promise<ShopProcess[]>;
  /** SIGKILL to a process; a shop in one process is its only one. */
  kill(process: ShopProcess): Promise<void>;
  /** SIGSTOP, and SIGCONT when the answered function is called. */
  suspend(process: ShopProcess): Promise<() => void>;
  /** SIGKILL to one process of PostgreSQL, so that it ends all connections and recovers; or only its connections are ended. */
  hurtDatabase(variant: 'whole' | 'part'): Promise<void>;
  /** Everything at once. */
  outage(): Promise<void>;
}

export type NetworkFault = 'delay' | 'cut' | 'black hole' | 'one way' | 'throttle';

export interface Network {
  /** Disturbs one of the ways for as long; answers which way it was. */
  disturb(which: number, fault: NetworkFault): { way: string; end(): void };
}

export interface ShopOptions {
  /** Variables for the processes of the shop. */
  env: Readonly<Record<string, string>>;
  keep: boolean;
  replicas: number;
}
