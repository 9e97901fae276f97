/** What the contracts are in a browser: of each route its method, path and whether it honours an idempotency key. Schemas stay behind. */
import { operations } from '@souk/client/operations';
import type { Plugin } from 'esbuild';

/** A module with one export for each route that clients reach; those that are not imported leave nothing in a build. */
export function browserRoutes(): string {
  return Object.entries(operations)
    .map(([name, operation]) => {
      const { method, path, idempotent = false } = operation as { method: string; path: string; idempotent?: boolean };
      return `export const ${name} = ${JSON.stringify({ method, path, ...(idempotent && { idempotent }) })};`;
    })
    .join('\n');
}

/** Stands in for `@souk/contracts`. What else is imported from there, such as a schema, fails the build by its name. */
export const contractsForBrowsers: Plugin = {
  name: 'contracts-for-browsers',
  setup(builder) {
    builder.onResolve({ filter: /^@souk\/contracts$/ }, () => ({ path: 'routes', namespace: 'contracts', sideEffects: false }));
    builder.onLoad({ filter: /^routes$/, namespace: 'contracts' }, () => ({ contents: browserRoutes(), loader: 'js' }));
  },
};
