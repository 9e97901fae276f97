/** The container engine of this machine, where there is one that can have the images. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { root } from './_compose.ts';

export interface Outcome {
  stdout: string;
  stderr: string;
}

export interface Engine {
  name: string;
  /** Whether it understands `compose`. */
  composes: boolean;
  run(...args: string[]): Promise<Outcome>;
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
      async has(images) {
        for (const image of images)
          if (!(await works(['image', 'inspect', image])) && !(await works(['pull', '--quiet', image], pullTimeoutMs))) return false;
        return true;
      },
    };
  }
  return undefined;
}
