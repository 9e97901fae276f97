/** Backs up the databases named by its arguments (`name=url`) into the folder named first; prints the code and sentence of what refuses it. */
import { takeBackup } from '@souk/backup';
import { AppError, systemIds } from '@souk/kernel';

const [folder = '', ...named] = process.argv.slice(2);
const databases = named.map((text) => ({ name: text.slice(0, text.indexOf('=')), url: text.slice(text.indexOf('=') + 1) }));
try {
  const signal = new AbortController().signal;
  await takeBackup({ folder, databases, secrets: {}, souk_version: '0.1.0', ids: systemIds, signal, progress: () => undefined });
  process.stdout.write('done\n');
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  process.stdout.write(`${error.code}: ${error.message}\n`);
}
