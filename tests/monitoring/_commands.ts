/** The commands of the runbooks, typed against the platform of a test instead of one on the usual ports. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { serviceNames } from '@souk/contracts';
import { mapBounded } from '@souk/kernel';
import type { TestPlatform } from '@souk/platform/testing';

const run = promisify(execFile);
const main = fileURLToPath(new URL('../../tools/cli/src/main.ts', import.meta.url));
const root = fileURLToPath(new URL('../../', import.meta.url));
const usual_port = 8_000;
const at_once = 4;
const command_timeout_ms = 30_000;
const sayToken = 'TOKEN=$(npm run --silent souk -- token --role staff)';

/** Types a command of a runbook and answers what it printed; rejects where it fails. */
export type Terminal = (command: string) => Promise<string>;

export async function openTerminal(souk: TestPlatform): Promise<Terminal> {
  const { home } = souk.world;
  await noteRunning(souk, home);
  const souk_command = `"${process.execPath}" "${main}"`;
  const type = async (command: string, token: string): Promise<string> => {
    const here = command
      .replaceAll(/http:\/\/127\.0\.0\.1:(80\d\d)/g, (_, port) => souk.urlOf(serviceNames[Number(port) - usual_port] ?? ''))
      .replaceAll('.souk/secrets', join(home, 'secrets'))
      .replaceAll(/npm run (?:--silent )?souk --/g, souk_command)
      // It would look again for a minute at what has just changed; and that it finds the faults of this test is right.
      .replace(/ audit$/, ' audit --grace 0 || [ $? = 1 ]');
    const env = { ...process.env, SOUK_HOME: home, TOKEN: token };
    const { stdout } = await run('bash', ['-o', 'pipefail', '-c', here], { cwd: root, env, timeout: command_timeout_ms });
    return stdout.trim();
  };
  const token = await type('npm run --silent souk -- token --role staff', '');
  return (command) => (command === sayToken ? Promise.resolve(token) : type(command, token));
}

/** Types each command and answers those that failed or had nothing to say. */
export async function typeCommands(souk: TestPlatform, commands: readonly string[]): Promise<string[]> {
  const type = await openTerminal(souk);
  const outcomes = await mapBounded(commands, at_once, async (command) => {
    const said = await type(command).catch((error: unknown) => String(error));
    return said === '' || said.startsWith('Error:') || said.includes('/problems/') ? `${command}\n    ${said}` : '';
  });
  return outcomes.filter((outcome) => outcome !== '');
}

/** The note by which the souk command finds a platform of this home. */
async function noteRunning({ gateway_url, urlOf }: TestPlatform, home: string): Promise<void> {
  const urls = Object.fromEntries(serviceNames.map((name) => [name, urlOf(name)]));
  const note = { pid: process.pid, started_at: new Date().toISOString(), gateway_url, urls, postgres_port: null };
  await writeFile(join(home, 'running.json'), JSON.stringify(note));
}
