/** The composed system as it is written: compose.yaml with its anchors resolved, and what it names. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { portOffsets, type ServiceName, serviceNames } from '@souk/contracts';
import { parse } from 'yaml';

export interface ComposeService {
  image?: string;
  build?: { context: string; dockerfile: string; args: Record<string, string> };
  environment?: Record<string, string>;
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test?: string[]; disable?: boolean; interval?: string; timeout?: string; retries?: number };
  ports?: string[];
  volumes?: string[];
  command?: string[];
  restart?: string;
  user?: string;
  privileged?: boolean;
  container_name?: string;
  network_mode?: string;
  profiles?: string[];
  tmpfs?: string[];
  read_only?: boolean;
  cap_drop?: string[];
  cap_add?: string[];
  security_opt?: string[];
  pids_limit?: number;
  mem_limit?: string;
}

export interface Compose {
  services: Record<string, ComposeService>;
  volumes: Record<string, unknown>;
}

export interface VariableUse {
  name: string;
  /** `:?` refuses without it, `:-` has a default, undefined takes nothing for it. */
  form: ':?' | ':-' | undefined;
  rest: string;
}

export const run = promisify(execFile);
const portBase = 8_000;
export const ports = Object.fromEntries(serviceNames.map((name) => [name, portBase + portOffsets[name]])) as Readonly<
  Record<ServiceName, number>
>;
export const root = new URL('../../', import.meta.url);

export function textOf(path: string): Promise<string> {
  return readFile(new URL(path, root), 'utf8');
}

export async function readCompose(): Promise<Compose> {
  return parse(await textOf('compose.yaml'), { merge: true }) as Compose;
}

/** Every `${VARIABLE…}`; `$$` is a dollar for the container's shell. */
export function variableUses(text: string): VariableUse[] {
  const uses = text.replaceAll('$$', '').matchAll(/\$(?:\{([A-Z][A-Z0-9_]*)(:\?|:-)?([^}]*)\}|([A-Z][A-Z0-9_]*))/g);
  return [...uses].map(([, name, form, rest = '', bare]) => ({ name: name ?? bare ?? '', form: form as VariableUse['form'], rest }));
}

/** The left side of a mount, when it is a file or folder of this repository. */
export function mountedPaths({ services }: Compose): string[] {
  return Object.values(services)
    .flatMap(({ volumes = [] }) => volumes)
    .map((volume) => volume.split(':')[0] ?? '')
    .filter((source) => source.startsWith('.'));
}

/** `value` as compose makes it of these variables: an empty one counts as not set in `:?` and `:-`. Throws what it would refuse with. */
export function interpolated(value: string, variables: ReadonlyMap<string, string>): string {
  return value.replaceAll(/\$\$|\$\{([A-Z][A-Z0-9_]*)(:\?|:-)([^}]*)\}/g, (all, name: string, form: string, rest: string) => {
    if (all === '$$') return '$';
    const set = variables.get(name) ?? '';
    if (set !== '') return set;
    if (form === ':?') throw new Error(`required variable ${name} is missing a value: ${rest}`);
    return rest;
  });
}

/** What `souk env` writes, as variables. */
export async function madeVariables(): Promise<Map<string, string>> {
  const main = fileURLToPath(new URL('tools/cli/src/main.ts', root));
  const { stdout } = await run(process.execPath, [main, 'env', '--print']);
  return new Map([...stdout.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]));
}

export interface DocumentedVariable {
  variable: string;
  required: boolean;
  /** `all`, names by commas, or the heading under which it stands. */
  services: string;
}

const sharedHeading = 'All services, or several';

/** What docs/reference/environment.md says, which is generated from the configuration of the services. */
export async function documentedVariables(): Promise<DocumentedVariable[]> {
  const lines = (await textOf('docs/reference/environment.md')).split('\n');
  let heading = '';
  return lines.flatMap((line) => {
    heading = /^## (.*)$/.exec(line)?.[1] ?? heading;
    const variable = /^\| `([A-Z_]+)` \|/.exec(line)?.[1];
    const readers = /\| ([a-z, ]+) \|$/.exec(line)?.[1];
    return variable === undefined
      ? []
      : [{ variable, required: line.includes('| **required**'), services: heading === sharedHeading && readers ? readers : heading }];
  });
}

/** The configuration that the service makes of each of these environments, in a process of its own as in a container. */
export async function loadedConfigs(
  name: ServiceName,
  environments: readonly Record<string, string>[],
): Promise<Record<string, unknown>[]> {
  const config = new URL(`services/${name}/src/config.ts`, root).href;
  const program = `
    const [load] = Object.values(await import(${JSON.stringify(config)})).filter((each) => typeof each === 'function' && /^load/.test(each.name));
    const loaded = JSON.parse(process.argv[1]).map((env) => {
      process.env = env;
      return load();
    });
    process.stdout.write(JSON.stringify(loaded));`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program, JSON.stringify(environments)]);
  return JSON.parse(stdout) as Record<string, unknown>[];
}
