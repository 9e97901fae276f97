/** Starts an embedded server in the given home, says what came of it in one line, and stops it when its input ends. */
import { AppError, required, silentLog } from '@souk/kernel';
import { startEmbeddedPostgres } from '@souk/local-servers/postgres';
import { binariesFolder } from './_binaries.ts';

const home = required(process.argv[2], 'the home');
const say = (answer: object): boolean => process.stdout.write(`${JSON.stringify(answer)}\n`);
try {
  const server = await startEmbeddedPostgres({ home, binaries_folder: binariesFolder(), log: silentLog });
  say({ pid: server.pid, port: server.port, superuser_url: server.superuser_url });
  for await (const _ of process.stdin);
  await server.stop();
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  say({ code: error.code, message: error.message });
}
