/** What the planners of `souk new` share: names in their spellings, and edits that fail where the text is not as expected. */
import { refusal } from '@souk/contracts';
import type { Sources } from './sources.ts';

export interface Plan {
  /** What is left to do, in order. */
  next: readonly string[];
}

const nameLengthMax = 40;

/** `order-created` → `orderCreated`. */
export function camel(words: string): string {
  return words.replaceAll(/[-._](\w)/g, (_match, letter: string) => letter.toUpperCase());
}

/** `order-created` → `OrderCreated`. */
export function pascal(words: string): string {
  const name = camel(words);
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** The parts of `SERVICE.WORDS`; throws `validation_failed` unless it has that form. */
export function serviceAndWords(name: string, what: string, example: string): { service: string; words: string } {
  const [, service, words] = /^([a-z]+)\.([a-z]+(?:-[a-z]+)+)$/.exec(name) ?? [];
  if (service === undefined || words === undefined || name.length > nameLengthMax * 2)
    throw refusal('validation_failed', `${JSON.stringify(name)} is no name of a ${what}: write SERVICE.VERB-NOUN, such as ${example}`);
  return { service, words };
}

/** Throws `validation_failed` unless the name matches and is no longer than 40 characters. */
export function checkName(name: string, form: RegExp, message: string): void {
  if (!form.test(name) || name.length > nameLengthMax) throw refusal('validation_failed', `${JSON.stringify(name)} ${message}`);
}

/** Throws `validation_failed` where the service is not in the table, or is the gateway, whose routes and queues differ. */
export async function needService(sources: Sources, service: string): Promise<void> {
  if (service === 'gateway') throw refusal('validation_failed', 'The gateway is built differently; write its part by hand.');
  if (!(await sources.has(`services/${service}/package.json`)))
    throw refusal('validation_failed', `There is no service ${JSON.stringify(service)}; make it first: souk new service ${service}`);
}

/** Throws `validation_failed` where one of the files exists. */
export async function needFree(sources: Sources, paths: readonly string[]): Promise<void> {
  for (const path of paths) if (await sources.has(path)) throw refusal('validation_failed', `${path} exists already.`);
}

/** Replaces the first place that matches; throws `validation_failed` where there is none, before anything is written. */
export async function edit(sources: Sources, path: string, place: RegExp, replacement: (match: string) => string): Promise<void> {
  const text = await sources.read(path);
  if (!place.test(text)) throw refusal('validation_failed', `${path} has no ${place.source}; write this part by hand.`);
  sources.write(
    path,
    text.replace(place, (match) => replacement(match)),
  );
}

/** Puts an import behind the first one of a file; the formatter sorts it. */
export async function addImport(sources: Sources, path: string, statement: string): Promise<void> {
  const text = await sources.read(path);
  const name = /from '([^']+)'/.exec(statement)?.[1] ?? '';
  const known = new RegExp(`^import \\{ ([^}]*) \\} from '${name.replaceAll('.', '\\.')}';$`, 'm');
  const imported = /\{ (.*) \}/.exec(statement)?.[1] ?? '';
  if (known.test(text)) {
    const merged = text.replace(known, (match, names: string) =>
      names.split(', ').includes(imported) ? match : `import { ${names}, ${imported} } from '${name}';`,
    );
    sources.write(path, merged);
  } else await edit(sources, path, /^import [^;]*;\n/m, (match) => `${match}${statement}\n`);
}

/** Declares a package of this repository as a dependency, in the order of names. */
export async function addDependency(sources: Sources, path: string, name: string): Promise<void> {
  const manifest = JSON.parse(await sources.read(path)) as { dependencies: Record<string, string> };
  if (manifest.dependencies[name] !== undefined) return;
  const entries = Object.entries({ ...manifest.dependencies, [name]: '0.1.0' });
  manifest.dependencies = Object.fromEntries(entries.sort(([left], [right]) => (left < right ? -1 : 1)));
  sources.write(path, `${JSON.stringify(manifest, null, 2)}\n`);
}
