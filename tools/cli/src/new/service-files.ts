import { pascal } from './plan.ts';

/** The files of a new service by their path in its folder. */
export function serviceFiles(name: string): Record<string, string> {
  const type = pascal(name);
  return {
    'package.json': manifestOf(name),
    'README.md': readmeOf(name),
    [`migrations/0001_${name}.sql`]: `-- What ${name} keeps.\n\ncreate table ${name} (\n  id uuid primary key,\n  created_at timestamptz not null\n);\n`,
    'src/main.ts': `import { openConfiguredBroker } from '@souk/messaging';
import { runMain } from '@souk/service-kit';
import { load${type}Config } from './config.ts';
import { build${type} } from './service.ts';

await runMain({ load: load${type}Config, openBroker: openConfiguredBroker, build: build${type} });
`,
    'src/index.ts': `export { ${type}Config } from './config.ts';\nexport { build${type} } from './service.ts';\n`,
    'src/config.ts': `import { loadConfig, platformFields } from '@souk/service-kit';
import Type, { type Static } from 'typebox';

export const ${type}Config = Type.Object({ ...platformFields });
export type ${type}Config = Readonly<Static<typeof ${type}Config>>;

/** Throws \`config_invalid\` with every problem at once. */
export function load${type}Config(): ${type}Config {
  return loadConfig('${name}', ${type}Config, process.env);
}
`,
    'src/context.ts': `import { type Overrides, openContext, type ServiceContext } from '@souk/service-kit';
import type { ${type}Config } from './config.ts';

export type ${type}Context = ServiceContext<${type}Config>;

export function open${type}Context(config: ${type}Config, overrides: Overrides): ${type}Context {
  return openContext('${name}', config, overrides);
}
`,
    'src/service.ts': `import { buildService, type Overrides, type Service } from '@souk/service-kit';
import type { ${type}Config } from './config.ts';
import { open${type}Context, type ${type}Context } from './context.ts';

/** Everything this service does. */
export function build${type}(config: ${type}Config, overrides: Overrides): Service<${type}Context> {
  return buildService({
    context: open${type}Context(config, overrides),
    migrations: [new URL('../migrations/', import.meta.url)],
    routes: [],
    consumers: [],
    jobs: [],
  });
}
`,
  };
}

function manifestOf(name: string): string {
  const manifest = {
    name: `@souk/${name}`,
    version: '0.1.0',
    private: true,
    type: 'module',
    license: 'MIT',
    exports: { '.': './src/index.ts' },
    dependencies: { '@souk/messaging': '0.1.0', '@souk/service-kit': '0.1.0', typebox: '1.4.3' },
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

function readmeOf(name: string): string {
  return `# ${name}

What it owns, and what it promises.

<!-- Written by npm run generate from the code, down to the next mark. -->
<!-- End of what is generated. -->
`;
}
