import { refusal } from '@souk/contracts';
import { createLimiter, type Limiter, required } from '@souk/kernel';
import type { Database } from '@souk/postgres';
import { type Overrides, openContext, type ServiceContext } from '@souk/service-kit';
import { createArgonHasher } from './clients/argon-hasher.ts';
import { openCommonPasswords } from './clients/common-passwords.ts';
import { createKeyedDigests } from './clients/keyed-digests.ts';
import { createOneTimeCodes } from './clients/one-time-codes.ts';
import { createTokenSigner } from './clients/token-signer.ts';
import type { UsersConfig } from './config.ts';
import type { CommonPasswords, KeyedDigests, OneTimeCodes, PasswordHasher, TokenSigner } from './domain/required-interfaces.ts';
import { keySetOf } from './domain/signing-key.ts';
import { listSigningKeys } from './store/signing-keys.ts';

export interface UsersContext extends ServiceContext<UsersConfig> {
  /** Password hashes are computed in here and nowhere else: they must not take the whole machine. */
  readonly hashing: Limiter;
  readonly passwords: PasswordHasher;
  readonly digests: KeyedDigests;
  readonly signer: TokenSigner;
  readonly codes: OneTimeCodes;
  readonly common_passwords: CommonPasswords;
}

/** The key set cannot be replaced: this service verifies with the keys it signs with, out of its own database. */
export type UsersOverrides = Overrides;

const memoryKibMin = 8_192;
const retryAfterSeconds = 2;

export function openUsersContext(config: UsersConfig, overrides: UsersOverrides): UsersContext {
  checkHashCost(config);
  let database: Database | undefined;
  const fetchKeys = async () => keySetOf(await listSigningKeys(required(database, 'the database of the context')));
  const context = openContext('users', config, { ...overrides, fetchKeys });
  database = context.db;
  const { db, clock, ids, metrics } = context;
  const digests = createKeyedDigests(config.internal_token);
  const hashing = createLimiter({
    running_max: config.hashes_max,
    waiting_max: config.hashes_waiting_max,
    wait_ms_max: config.hash_wait_ms,
    overloaded: () => refusal('overloaded', 'Too many people sign in at the moment.', { retry_after_s: retryAfterSeconds }),
  });
  metrics.gauge('souk_users_password_hashes', () => {
    const { running, waiting } = hashing.load();
    return [
      { labels: { state: 'running' }, value: running },
      { labels: { state: 'waiting' }, value: waiting },
    ];
  });
  return {
    ...context,
    hashing,
    digests,
    passwords: createArgonHasher({ memory_kib: config.password_memory_kib, passes: config.password_passes, lanes: 1 }),
    signer: createTokenSigner({ loadKeys: () => listSigningKeys(db), digests, clock, ids }),
    codes: createOneTimeCodes(),
    common_passwords: openCommonPasswords(),
  };
}

function checkHashCost({ password_memory_kib, souk_bench }: UsersConfig): void {
  if (password_memory_kib >= memoryKibMin || souk_bench) return;
  throw refusal('config_invalid', `PASSWORD_MEMORY_KIB must be at least ${memoryKibMin}; less is for benchmarks only (SOUK_BENCH=1).`);
}
