/** One `redis-server`: started, watched until it takes connections, ended. */
import { type ChildProcess, spawn } from 'node:child_process';
import { AppError, pause, required } from '@souk/kernel';

export interface ServerProcess {
  pid: number;
  /** Resolves when it has ended, however. */
  ended: Promise<void>;
  hasEnded(): boolean;
  signal(name: NodeJS.Signals): void;
  /** The last lines it wrote. */
  tail(): string;
}

const readyTimeoutMs = 30_000;
const tailCharacters = 4_000;
const readyLine = 'Ready to accept connections';

/** Resolves when the server is ready. Errors: `redis_server_missing`, `port_taken`, `redis_server_failed` with what it said. */
export async function launchServer(program: string, settings_path: string, port: number): Promise<ServerProcess> {
  const child = spawn(program, [settings_path], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let said = '';
  const ready = new Promise<true>((resolve) => {
    const hear = (chunk: Buffer): void => {
      said = (said + chunk.toString()).slice(-tailCharacters);
      if (said.includes(readyLine)) resolve(true);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
  });
  const failure = new Promise<Error>((resolve) => child.once('error', resolve));
  const limit = new AbortController();
  const outcome = await Promise.race([ready, failure, ended, pause(readyTimeoutMs, limit.signal)]);
  limit.abort();
  if (outcome !== true) throw refused(child, program, port, said, outcome instanceof Error ? outcome : undefined);
  release(child);
  return {
    pid: required(child.pid, 'the pid of the Redis server'),
    ended,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    signal: (name) => void child.kill(name),
    tail: () => said.trim(),
  };
}

/** The server is no reason for our process to stay. */
function release(child: ChildProcess): void {
  child.unref();
  for (const stream of [child.stdout, child.stderr]) (stream as unknown as { unref(): void }).unref();
}

function refused(child: ChildProcess, program: string, port: number, said: string, cause: Error | undefined): AppError {
  if ((cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') {
    const advice = 'install it ("apt-get install redis-server" or "brew install redis"), or set REDIS_URL';
    return new AppError('redis_server_missing', `There is no ${program} in the PATH: ${advice}.`, {}, cause);
  }
  child.kill('SIGKILL');
  if (said.includes('Address already in use')) return new AppError('port_taken', `Port ${port} is taken.`, { port });
  return new AppError('redis_server_failed', `The private Redis did not start. It said:\n${said.trim()}`, {}, cause);
}
