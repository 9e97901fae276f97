import { refusal } from '@souk/contracts';
import { required } from '@souk/kernel';
import type { Database } from '@souk/postgres';
import { type Overrides, openContext, type ServiceContext } from '@souk/service-kit';
import { createArgonHasher } from './clients/argon-hasher.ts';
import { createDerivedSeals } from './clients/derived-seals.ts';
import { createHashingLane } from './clients/hashing-lane.ts';
import { createTokenSigner } from './clients/token-signer.ts';
import type { UsersConfig } from './config.ts';
import type { HashingLane, PasswordHasher, Seals, TokenSigner } from './domain/ports.ts';
import { keySetOf } from './domain/signing-key.ts';
import { listSigningKeys } from './store/signing-keys.ts';

export interface UsersContext extends ServiceContext<UsersConfig> {
  /** Password hashes are computed in here and nowhere else. */
  readonly lane: HashingLane;
  readonly passwords: PasswordHasher;
  readonly seals: Seals;
  readonly signer: TokenSigner;
}

/** The key set cannot be replaced: this service verifies with the keys it signs with, out of its own database. */
export type UsersOverrides = Overrides;

const memoryKibMin = 8_192;

export function openUsersContext(config: UsersConfig, overrides: UsersOverrides): UsersContext {
  checkHashCost(config);
  let database: Database | undefined;
  const fetchKeys = async () => keySetOf(await listSigningKeys(required(database, 'the database of the context')));
  const context = openContext('users', config, { ...overrides, fetchKeys });
  database = context.db;
  const { db, clock, ids, metrics } = context;
  const seals = createDerivedSeals(config.internal_token);
  const lane = createHashingLane({
    running_max: config.hashes_max,
    waiting_max: config.hashes_waiting_max,
    wait_ms_max: config.hash_wait_ms,
  });
  metrics.gauge('souk_users_password_hashes', () => {
    const { running, waiting } = lane.load();
    return [
      { labels: { state: 'running' }, value: running },
      { labels: { state: 'waiting' }, value: waiting },
    ];
  });
  return {
    ...context,
    lane,
    seals,
    passwords: createArgonHasher({ memory_kib: config.password_memory_kib, passes: config.password_passes, lanes: 1 }),
    signer: createTokenSigner({ loadKeys: () => listSigningKeys(db), seals, clock, ids }),
  };
}

function checkHashCost({ password_memory_kib, souk_bench }: UsersConfig): void {
  if (password_memory_kib >= memoryKibMin || souk_bench) return;
  throw refusal('config_invalid', `PASSWORD_MEMORY_KIB must be at least ${memoryKibMin}; less is for benchmarks only (SOUK_BENCH=1).`);
}
