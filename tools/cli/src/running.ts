/** The note a running platform leaves in its home, by which the other commands find it. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient } from '@souk/client';
import { refusal } from '@souk/contracts';
import { required } from '@souk/kernel';
import { replaceFile } from '@souk/kernel/files';
import type { Account, AccountRole } from '@souk/platform';

export interface RunningPlatform {
  pid: number;
  started_at: string;
  gateway_url: string;
  /** Address of each service by name. */
  urls: Record<string, string>;
  postgres_port: number | null;
}

const fileName = 'running.json';
const readableByAll = 0o644;
/** A shop under load answers late; one that is gone refuses the connection at once. */
const probeTimeoutMs = 10_000;

/** The file that says what runs, kept up to date by the process that runs it. */
export interface RunningFile {
  /** Writes what is answered when its turn comes. Calls during a write are joined into one that follows. Never rejects. */
  write(current: () => RunningPlatform): Promise<void>;
  /** Removes it, after what is being written. Never rejects. */
  remove(): Promise<void>;
}

/**
 * Opens the file of a home. Its writes come one after another, so that an older state never replaces a newer one. It serves other
 * commands only: a failure (a full disk, a home that is gone) is given to `report` and never ends the platform.
 */
export function openRunningFile(home: string, report: (error: unknown) => void): RunningFile {
  const path = join(home, fileName);
  let last: Promise<void> = Promise.resolve();
  let next: (() => RunningPlatform) | undefined;
  const then = (work: () => Promise<void>): Promise<void> => {
    last = last.then(work).catch(report);
    return last;
  };
  return {
    write(current) {
      const joined = next !== undefined;
      next = current;
      if (joined) return last;
      return then(async () => {
        const newest = next ?? current;
        next = undefined;
        await replaceFile(path, `${JSON.stringify(newest(), null, 2)}\n`, { mode: readableByAll });
      });
    },
    remove: () => then(() => rm(path, { force: true })),
  };
}

/**
 * The platform of this home if it answers; a note left behind by one that was killed does not count. Where its process is there and its
 * address is silent for `timeout_ms`, nothing is known, and the refusal says so: a restore must not take it for stopped.
 */
export async function findRunning(home: string, timeout_ms = probeTimeoutMs): Promise<RunningPlatform | undefined> {
  const platform = await readNote(home);
  if (!platform || !isAlive(platform.pid)) return undefined;
  try {
    const response = await fetch(`${platform.gateway_url}/health/live`, { signal: AbortSignal.timeout(timeout_ms) });
    return response.ok ? platform : undefined;
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError') throw silent(home, platform, timeout_ms);
    // The connection was refused: the process is another program's by now.
    if (error instanceof Error) return undefined;
    throw error;
  }
}

const silent = (home: string, { pid, gateway_url }: RunningPlatform, timeout_ms: number): Error =>
  refusal(
    'service_unavailable',
    `The shop in ${home} (process ${pid}) did not answer at ${gateway_url} within ${timeout_ms / 1_000} s. Try again when it is less busy; ` +
      `if process ${pid} is not a shop, remove ${join(home, fileName)}.`,
  );

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // It is there, and belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function readNote(home: string): Promise<RunningPlatform | undefined> {
  try {
    return JSON.parse(await readFile(join(home, fileName), 'utf8')) as RunningPlatform;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '') || error instanceof SyntaxError) return undefined;
    throw refusal('config_invalid', `SOUK_HOME is ${JSON.stringify(home)}; this account cannot read it (${(error as Error).message}).`);
  }
}

/** The running platform, or a refusal that says how to start one. */
export async function needRunning(home: string): Promise<RunningPlatform> {
  const platform = await findRunning(home);
  if (!platform) throw refusal('service_unavailable', `No shop is running in ${home}. Start it with npm start, in another terminal.`);
  return platform;
}

/**
 * An access token of one of the platform's own accounts; `code` is that of its second factor, where it has one. Asks the users service
 * itself, whose answers no rate limit counts.
 */
export async function accessToken(home: string, platform: RunningPlatform, role: AccountRole, code?: string): Promise<string> {
  const account = await accountOf(home, role);
  const users = createClient({ base_url: required(platform.urls['users'], 'the address of users') });
  const body = { login: account.username, password: account.password, ...(code !== undefined && { code }) };
  const answer = await users.call('login', { body });
  if (answer.ok) {
    if (answer.body.second_factor === 'enrolment_required')
      process.stderr.write(
        `The role ${role} needs a second factor. Until it is set up for ${account.username}, its tokens carry the role customer.\n`,
      );
    return answer.body.access_token;
  }
  const advice = answer.code.startsWith('second_factor_') ? ' Give the code of its second factor: --code CODE' : '';
  throw refusal('login_failed', `The ${role} account could not sign in: ${answer.error.detail}${advice}`);
}

async function accountOf(home: string, role: AccountRole): Promise<Account> {
  const file = join(home, 'secrets', 'accounts.json');
  let account: Account | undefined;
  try {
    account = (JSON.parse(await readFile(file, 'utf8')) as Account[]).find((candidate) => candidate.role === role);
  } catch (error) {
    const why = error instanceof SyntaxError ? 'it is damaged' : (error as Error).message;
    throw refusal('login_failed', `The passwords in ${file} cannot be read (${why}). Stop the shop and start it again: it makes new ones.`);
  }
  if (!account) throw refusal('user_unknown', `There is no ${role} account in ${file}.`);
  return account;
}
