/** The container engine of this machine, where there is one that can have the images. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { root } from './_compose.ts';

export interface Outcome {
  stdout: string;
  stderr: string;
}

export interface Ended extends Outcome {
  code: number;
}

export interface Engine {
  name: string;
  /** Whether it understands `compose`. */
  composes: boolean;
  run(...args: string[]): Promise<Outcome>;
  /** Runs a container to its end and removes it. */
  runToEnd(image: string, command: readonly string[], env?: readonly string[]): Promise<Ended>;
  /** Whether all images are here, or can be fetched. */
  has(images: readonly string[]): Promise<boolean>;
}

export const folder = fileURLToPath(root);
const runFile = promisify(execFile);
const probeTimeoutMs = 10_000;
const pullTimeoutMs = 300_000;
const runTimeoutMs = 900_000;
const outputBytesMax = 67_108_864;

/** The first that answers; undefined where none does. */
export async function findEngine(): Promise<Engine | undefined> {
  for (const name of ['docker', 'podman']) {
    const call = (args: readonly string[], timeout: number): Promise<Outcome> =>
      runFile(name, args, { cwd: folder, timeout, maxBuffer: outputBytesMax, env: process.env });
    const works = (args: readonly string[], timeout = probeTimeoutMs): Promise<boolean> =>
      call(args, timeout).then(
        () => true,
        () => false,
      );
    if (!(await works(['version', '--format', '{{.Server.Version}}']))) continue;
    return {
      name,
      composes: await works(['compose', 'version']),
      run: (...args) => call(args, runTimeoutMs),
      async runToEnd(image, command, env = []) {
        const { stdout: created } = await call(['create', ...env.flatMap((each) => ['-e', each]), image, ...command], runTimeoutMs);
        const id = created.trim();
        try {
          // Not "run": of its exit code the engines make different things when they are asked over a socket.
          await call(['start', id], runTimeoutMs);
          const code = Number((await call(['wait', id], runTimeoutMs)).stdout.trim());
          return { code, ...(await call(['logs', id], runTimeoutMs)) };
        } finally {
          await call(['rm', '-f', id], runTimeoutMs);
        }
      },
      async has(images) {
        for (const image of images)
          if (!(await works(['image', 'inspect', image])) && !(await works(['pull', '--quiet', image], pullTimeoutMs))) return false;
        return true;
      },
    };
  }
  return undefined;
}
