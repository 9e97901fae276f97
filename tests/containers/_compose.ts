/** The composed system as it is written: compose.yaml with its anchors resolved, and what it names. */
import { readFile } from 'node:fs/promises';
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
