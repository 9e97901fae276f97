import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { findFreePorts } from '@souk/kernel/ports';
import type { LinePrinter } from '../src/processes/log-lines.ts';
import { runOnce } from '../src/processes/run-once.ts';

const program = fileURLToPath(new URL('./_program.mjs', import.meta.url));
const never = new AbortController().signal;
const limitMs = 3_000;

/** Of the program that never ends by itself, on a port that it may take. */
async function unending(said: string[], onLines: () => void = () => undefined): Promise<[Parameters<typeof runOnce>[0], LinePrinter]> {
  const [port = 0] = await findFreePorts(1, []);
  const printer: LinePrinter = {
    lines: (_, text) => {
      said.push(text);
      onLines();
    },
    say: (_, text) => void said.push(text),
  };
  return [{ name: 'seed', command: process.execPath, args: [program], env: { PORT: String(port) } }, printer];
}

test('a program that fails is refused with its last words', async () => {
  const [spec, printer] = await unending([]);
  const failing = { ...spec, env: { ...spec.env, FAILS: 'the catalogue is torn' } };
  await assert.rejects(runOnce(failing, printer, never), {
    code: 'service_unavailable',
    message: /seed failed \(3\)\.\n +the catalogue is torn/,
  });
});

test('a program that does not end is ended, and refused with what it said before', async () => {
  const [spec, printer] = await unending([]);
  await assert.rejects(runOnce(spec, printer, never, limitMs), {
    code: 'service_unavailable',
    message: /seed did not end within 3 s\.\n +begins/,
  });
});

test('a program that is killed each time is run three times', async () => {
  const said: string[] = [];
  const [spec, printer] = await unending(said);
  const killed = { ...spec, args: ['--eval', "process.stdout.write('begins\\n', () => process.kill(process.pid, 'SIGKILL'))"] };
  await assert.rejects(runOnce(killed, printer, never), { code: 'service_unavailable', message: /seed failed \(killed\)/ });
  assert.deepEqual(
    said.filter((line) => line.includes('was killed')),
    ['was killed; running it again', 'was killed; running it again'],
  );
});

test('who stops the start ends the program, and it is no failure of it', async () => {
  const stopping = new AbortController();
  const [spec, printer] = await unending([], () => stopping.abort());
  await assert.rejects(runOnce(spec, printer, stopping.signal), { name: 'AbortError' });
});
