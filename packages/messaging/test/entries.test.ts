import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Prints the path of every module that is loaded for the one imported. */
const listModules = `
import { registerHooks } from 'node:module';
registerHooks({ load(url, context, next) { if (url.startsWith('file:')) console.log(url); return next(url, context); } });
await import(process.argv[1]);
`;

it('a service loads nothing that starts a RabbitMQ, a Redis or a PostgreSQL', async () => {
  const service = fileURLToPath(new URL('../../../services/notifications/src/index.ts', import.meta.url));
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', listModules, service]);
  const modules = stdout.split('\n');
  assert.ok(
    modules.some((path) => path.endsWith('/messaging/src/index.ts')),
    'the modules were listed',
  );
  assert.deepEqual(
    modules.filter((path) => /private-(server|settings|redis)|find-rabbit|redis\/src\/private|postgres\/src\/embedded/.test(path)),
    [],
  );
});
