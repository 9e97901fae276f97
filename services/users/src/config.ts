import { loadProcessConfig, platformFields } from '@souk/service-kit';
import Type, { type Static } from 'typebox';

const count = (most: number, value: number, description: string) =>
  Type.Integer({ minimum: 1, maximum: most, default: value, description });
const milliseconds = (most: number, value: number, description: string) =>
  Type.Integer({ minimum: 1, maximum: most, default: value, description: `${description}, in milliseconds.` });

export const UsersConfig = Type.Object({
  ...platformFields,
  password_memory_kib: Type.Integer({
    minimum: 8,
    maximum: 1_048_576,
    default: 19_456,
    description: 'Memory of one password hash (argon2id), in KiB; below 8192 only for benchmarks (SOUK_BENCH=1).',
  }),
  password_passes: count(100, 2, 'Passes of one password hash over its memory.'),
  souk_bench: Type.Boolean({ default: false, description: 'This is a benchmark: weak settings are accepted.' }),
  hashes_max: count(64, 2, 'Most password hashes computed at once.'),
  hashes_waiting_max: count(10_000, 100, 'Most requests waiting for a password hash; beyond it they get 503.'),
  hash_wait_ms: milliseconds(60_000, 5_000, 'Longest wait for a password hash'),
  login_failures_max: count(1_000, 5, 'Failed sign-ins with one account from one network before it has to wait.'),
  login_account_failures_max: count(
    100_000,
    100,
    'Failed sign-ins with one account from anywhere before it has to wait; networks of its own sessions are exempt.',
  ),
  login_wait_ms_first: milliseconds(3_600_000, 15_000, 'First wait after failed sign-ins; doubled with each further failure'),
  login_wait_ms_max: milliseconds(86_400_000, 900_000, 'Longest wait after failed sign-ins'),
  login_memory_ms: milliseconds(86_400_000, 3_600_000, 'How long failed sign-ins with an account are remembered'),
  login_address_failures_max: count(100_000, 20, 'Failed sign-ins from one address in one window.'),
  login_address_window_ms: milliseconds(3_600_000, 60_000, 'Window of failed sign-ins from one address'),
  login_records_max: count(10_000_000, 200_000, 'Most accounts, networks and pairs of them whose failures are remembered.'),
  session_idle_ms: milliseconds(31_536_000_000, 2_592_000_000, 'Longest life of a session that is not renewed'),
  session_lifetime_ms: milliseconds(63_072_000_000, 15_552_000_000, 'Longest life of a session, however often it is renewed'),
  sessions_max: count(10_000, 50, 'Most sessions of one account; beyond it the oldest ends.'),
  verify_email_ms: milliseconds(2_592_000_000, 259_200_000, 'How long the link to confirm an address is good'),
  password_reset_ms: milliseconds(86_400_000, 3_600_000, 'How long the link to set a new password is good'),
  message_tokens_max: count(100, 3, 'Most good links of one kind for one account; beyond it no further message is sent.'),
  recipient_messages_max: count(1_000, 4, 'Most messages of one kind to one address within a day, whichever accounts ask.'),
  account_messages_max: count(1_000, 10, 'Most messages of one kind that one account causes within a day, to whatever addresses.'),
  second_factor_required: Type.Union([Type.Literal('off'), Type.Literal('admin'), Type.Literal('staff')], {
    default: 'off',
    description: 'From which role on a second factor is required: without one its tokens carry the role customer.',
  }),
});
export type UsersConfig = Readonly<Static<typeof UsersConfig>>;

/** Throws `config_invalid` with every problem at once. */
export function loadUsersConfig(): UsersConfig {
  return loadProcessConfig('users', UsersConfig, process.env);
}
