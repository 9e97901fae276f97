/** A service that starts, registers at the gateway and answers its health, with a database of its own. */
import { refusal, services } from '@souk/contracts';
import { addDependency, addImport, checkName, edit, type Plan, pascal } from './plan.ts';
import { serviceFiles } from './service-files.ts';
import type { Sources } from './sources.ts';

/** Roles, databases and log names that something else bears already. */
const takenNames = ['services', 'postgres', 'metrics'];
const tablePath = 'packages/contracts/src/services.ts';
const builders = 'platform/src/services.ts';

export async function newService(name: string, { sources }: { sources: Sources }): Promise<Plan> {
  checkName(name, /^[a-z]{2,}s$/, 'is no name of a service: write one plural noun of small letters, such as reviews');
  const folders = [`services/${name}`, `packages/${name}`, `tools/${name}`, `node_modules/@souk/${name}`];
  for (const folder of folders) if (await sources.has(folder)) throw refusal('validation_failed', `${folder} exists already.`);
  if (takenNames.includes(name) || services.some((entry) => entry.name === name))
    throw refusal('validation_failed', `The name ${name} is taken.`);
  for (const [path, text] of Object.entries(serviceFiles(name))) sources.write(`services/${name}/${path}`, text);
  await edit(sources, tablePath, /\n\] as const satisfies/, (match) => `\n${entryOf(name)}${match}`);
  await addImport(sources, builders, `import { build${pascal(name)}, ${pascal(name)}Config } from '@souk/${name}';`);
  const definition = `  ${name}: { schema: ${pascal(name)}Config, build: build${pascal(name)} },`;
  await edit(sources, builders, /\n\} as const satisfies/, (match) => `\n${definition}${match}`);
  await addDependency(sources, 'platform/package.json', `@souk/${name}`);
  return {
    next: [
      'npm install --ignore-scripts, which links the package and notes it in package-lock.json',
      `${tablePath}: title, what its absence means, what it needs, its place in the backup`,
      `services/${name}: its tables in migrations/, its README`,
      'npm run generate, which renews the reference and the lists in compose.yaml and infrastructure/',
      `souk new route ${name}.VERB-NOUN, souk new event ENTITY.PARTICIPLE --owner ${name}, souk new consumer ${name}.VERB-NOUN --event TYPE`,
      `npm run check; npm test -- contracts/test/services services/${name}`,
    ],
  };
}

/** The next free port; first in the backup, because what is new reads from others and no service reads from it yet. */
function entryOf(name: string): string {
  const port_offset = Math.max(...services.map((entry) => entry.port_offset)) + 1;
  const backup_order = Math.min(...services.flatMap((entry) => ('backup_order' in entry ? [entry.backup_order] : []))) - 1;
  return `  {
    name: '${name}',
    port_offset: ${port_offset},
    has_database: true,
    needs: ['users', 'gateway'],
    title: '${name}',
    consequence_when_away: 'The routes of ${name} answer that it is unavailable.',
    backup_order: ${backup_order},
  },`;
}
