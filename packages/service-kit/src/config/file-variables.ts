/** `NAME_FILE` instead of `NAME`: the value stands in a file, as secrets of Docker, Kubernetes and systemd do. */
import { readFileSync } from 'node:fs';

export type Environment = Readonly<Record<string, string | undefined>>;

const suffix = '_FILE';
const bytesMax = 65_536;

/** True for a field whose variable may be given as a file: every secret and every address. */
export function isFileField(name: string, field: { secret?: boolean }): boolean {
  return field.secret === true || name.endsWith('_url') || name.endsWith('_endpoint');
}

/**
 * The environment with the content of each `NAME_FILE` under `NAME`, for the `variables` that may be given so; one line break at the
 * end of a file is not part of the value. `problems` has a line for each file that cannot be read, is empty, and for each
 * variable that is set in both ways.
 */
export function readFileVariables(env: Environment, variables: Iterable<string>): { env: Environment; problems: string[] } {
  const complete: Record<string, string | undefined> = { ...env };
  const problems: string[] = [];
  for (const variable of new Set(variables)) {
    const path = env[variable + suffix];
    if (!path) continue;
    delete complete[variable + suffix];
    if (env[variable]) {
      problems.push(`${variable} and ${variable}${suffix} are both set; set one of them`);
      continue;
    }
    try {
      complete[variable] = contentOf(path);
    } catch (error) {
      problems.push(`${variable}${suffix} is ${JSON.stringify(path)}; ${(error as Error).message}`);
    }
  }
  return { env: complete, problems };
}

function contentOf(path: string): string {
  let content: Buffer;
  try {
    content = readFileSync(path);
  } catch (error) {
    throw new Error(`this file cannot be read (${(error as NodeJS.ErrnoException).code ?? (error as Error).message})`, { cause: error });
  }
  if (content.length > bytesMax) throw new Error(`this file has more than ${bytesMax} bytes`);
  const text = content.toString('utf8').replace(/\r?\n$/, '');
  if (text === '') throw new Error('this file is empty');
  return text;
}
