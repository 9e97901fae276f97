/**
 * Loaded into a simulating process by `--import`, before anything else: its clock, timers and chance become those of the run, and the services'
 * sources get their seams as they are loaded. The code of the services has no switch for it.
 */
import { editSources, type SourceEdit } from '@souk/mutation/source-edits';
import { installVirtualTime } from './virtual-time.ts';

const from = (file: string): string => JSON.stringify(new URL(file, import.meta.url).href);

/** Where a service meets what is foreign to it. */
const seams: readonly SourceEdit[] = [
  {
    file: 'packages/postgres/src/connection-pool.ts',
    from: 'const pool = createPool(options);',
    to: 'const pool = simulatedPool(options, createPool);',
  },
  {
    file: 'packages/postgres/src/connection-pool.ts',
    from: '?? createConnection(client);',
    to: '?? simulatedConnection(createConnection(client), client);',
  },
  {
    file: 'packages/postgres/src/connection-pool.ts',
    from: "import pg from 'pg';",
    to: `import pg from 'pg'; import { simulatedConnection, simulatedPool } from ${from('./connections.ts')};`,
  },
  {
    file: 'packages/service-kit/src/http/http-edge.ts',
    from: 'export function createHttpEdge<C>(options: HttpEdgeOptions<C>): HttpEdge {',
    to: `import { simulatedEdge } from ${from('./simulated-edge.ts')};
export function createHttpEdge<C>(options: HttpEdgeOptions<C>): HttpEdge { return simulatedEdge(options); }
function servedHttpEdge<C>(options: HttpEdgeOptions<C>): HttpEdge {`,
  },
  {
    file: 'packages/kernel/src/crypto.ts',
    from: 'export const newUuid = (): string => randomUUIDv7();',
    to: `import { simulatedHex, simulatedSecret, simulatedUuid } from ${from('./entropy.ts')};
void [randomUUIDv7, randomBytes];
export const newUuid = (): string => simulatedUuid();`,
  },
  {
    file: 'packages/kernel/src/crypto.ts',
    from: "export const newSecret = (bytes: number): string => randomBytes(bytes).toString('base64url');",
    to: 'export const newSecret = (bytes: number): string => simulatedSecret(bytes);',
  },
  {
    file: 'packages/kernel/src/crypto.ts',
    from: 'export const randomHex = createRandomHex();',
    to: 'export const randomHex = (bytes: number): string => simulatedHex(bytes); void createRandomHex;',
  },
];

const sabotage = process.env.SOUK_SIMULATE_EDITS;
const edits = sabotage === undefined ? [] : (JSON.parse(sabotage) as SourceEdit[]);

installVirtualTime();
editSources([...seams, ...edits]);
