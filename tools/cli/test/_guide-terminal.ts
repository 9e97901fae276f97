/** Types what a page of documentation tells its reader to type, in a copy of the repository, and holds it to what the page shows. */
import assert from 'node:assert/strict';
import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { claimPortBlock } from '@souk/kernel/ports';
import { type FencedBlock, fencedBlocks, isAsShown } from './_fenced-blocks.ts';
import { copyRepository, type RepositoryCopy } from './_repository-copy.ts';

const block_timeout_ms = 200_000;
const stop_limit_ms = 25_000;
/** On a busy machine; a quiet one needs a fifth of it. */
export const pages_timeout_ms = 460_000;
const documented_base = 800;
const ports_in_block = 14;
const ready = 'Ctrl-C stops everything.';
const isStart = /^(?:[A-Z_]+=\S+ )*npm start$/m;

export interface GuideTerminal {
  /** Follows a page from its first block to its last. Throws at the first that is not as written, naming its line. */
  follow(page: string): Promise<void>;
  end(): Promise<void>;
}

/** Registers a test for each page; all of them on one copy of the repository and one shop. */
export function followPages(title: string, pages: readonly string[]): void {
  describe(title, { timeout: pages_timeout_ms }, () => {
    let copy: RepositoryCopy;
    let terminal: GuideTerminal;
    before(async () => {
      copy = await copyRepository();
      terminal = await openGuideTerminal(copy.folder);
    });
    after(async () => {
      await terminal.end();
      await copy.remove();
    });

    for (const page of pages) it(page, { timeout: pages_timeout_ms }, () => terminal.follow(page));
  });
}

/** `instead`: what is typed in place of commands that a test must not run. */
export async function openGuideTerminal(folder: string, instead: Readonly<Record<string, string>> = {}): Promise<GuideTerminal> {
  const port_base = await claimPortBlock(ports_in_block);
  const { NODE_TEST_CONTEXT: _context, SOUK_HOME: _home, ...inherited } = process.env;
  const env = { ...inherited, PORT_BASE: String(port_base), SOUK_INSTALL: '0', SOUK_ENV_FILE: '0', NO_COLOR: '1' };
  const shell = spawn('bash', ['--noprofile', '--norc'], { cwd: folder, env, detached: true });
  let shop: ChildProcess | undefined;
  // Also when the file is stopped at its time limit: groups of their own do not end with it.
  process.once('exit', () => {
    killGroup(shell);
    killGroup(shop, 'SIGINT');
  });
  /** The pages name the standard ports, which belong to somebody else here. */
  const moved = (text: string): string =>
    text.replaceAll(
      new RegExp(`127\\.0\\.0\\.1:${documented_base}(\\d)`, 'g'),
      (_all, last: string) => `127.0.0.1:${port_base + Number(last)}`,
    );
  const stopShop = async (): Promise<void> => {
    if (shop?.pid === undefined || shop.exitCode !== null || shop.signalCode !== null) return;
    const gone = new Promise((resolve) => shop?.once('exit', resolve));
    process.kill(-shop.pid, 'SIGINT');
    const late = setTimeout(() => killGroup(shop), stop_limit_ms);
    await gone;
    clearTimeout(late);
  };
  let greeting = '';
  const start = async (block: FencedBlock): Promise<string> => {
    await stopShop();
    shop = spawn('bash', ['-c', moved(block.text)], { cwd: folder, env, detached: true });
    const printed = await readUntil(shop, new RegExp(RegExp.escape(ready)), block);
    // A service's log lines reach the terminal through a pipe of their own, some of them after this last line.
    greeting = printed.slice(0, printed.indexOf(ready) + ready.length);
    return greeting;
  };
  return {
    async follow(page) {
      let printed = '';
      // The shop that the page before has started goes on: a start of its own would print the same.
      let starts = shop === undefined ? 1 : 0;
      const run = (block: FencedBlock): Promise<string> => {
        if (!isStart.test(block.text)) return typeInto(shell, moved(instead[block.text.trim()] ?? block.text), block);
        starts += 1;
        return starts === 1 ? Promise.resolve(greeting) : start(block);
      };
      for (const block of fencedBlocks(page, await readFile(join(folder, page), 'utf8'))) {
        if (block.file !== undefined) await putFile(folder, block);
        else if (block.language === 'sh' && !block.flags.includes('untested')) printed = await run(block);
        else if (block.language === 'text')
          assert.ok(isAsShown(moved(block.text), printed), `${place(block)} shows\n${block.text}\nand this was printed:\n${printed}`);
      }
    },
    async end() {
      killGroup(shell);
      await stopShop();
    },
  };
}

/** With whatever it has started. */
function killGroup(child: ChildProcess | undefined, signal: NodeJS.Signals = 'SIGKILL'): void {
  try {
    if (child?.pid !== undefined) process.kill(-child.pid, signal);
  } catch (error) {
    // It has ended by itself.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function place({ page, line }: FencedBlock): string {
  return `${page}:${line}`;
}

/** The reader is told by the text which file is meant; the mark behind the fence is invisible. */
async function putFile(folder: string, block: FencedBlock): Promise<void> {
  const { file = '' } = block;
  assert.ok(block.before.includes(`\`${file}\``), `${place(block)}: the text before the block does not name \`${file}\``);
  const path = join(folder, file);
  await mkdir(dirname(path), { recursive: true });
  if (block.language !== 'diff') return writeFile(path, block.text);
  const lines = block.text.split('\n').slice(0, -1);
  const side = (sign: string): string =>
    lines
      .filter((line) => !line.startsWith(sign))
      .map((line) => line.slice(1))
      .join('\n');
  const [before, after] = [side('+'), side('-')];
  const text = await readFile(path, 'utf8');
  assert.equal(text.split(before).length, 2, `${place(block)}: ${file} does not hold these lines once:\n${before}`);
  return writeFile(
    path,
    text.replace(before, () => after),
  );
}

/** Types commands into the shell, which keeps its variables from block to block, and answers what they print. */
async function typeInto(shell: ChildProcessWithoutNullStreams, commands: string, block: FencedBlock): Promise<string> {
  const mark = `--- end of ${place(block)}`;
  shell.stdin.write(
    `set -E -o pipefail; failed=0; trap 'failed=$?' ERR\n{\n${commands}\n} </dev/null 2>&1\nprintf '%s %s\\n' '${mark}' "$failed"\n`,
  );
  const printed = await readUntil(shell, new RegExp(`${RegExp.escape(mark)} (\\d+)\\n`), block);
  const [text = '', code] = printed.split(new RegExp(`${RegExp.escape(mark)} (\\d+)\\n`));
  assert.equal(code !== '0', block.flags.includes('fails'), `${place(block)} ended with ${code}:\n${commands}\n${text}`);
  return text;
}

/** Reads both outputs until the pattern appears. Throws when the process ends before, or takes too long. */
function readUntil(child: ChildProcess, end: RegExp, block: FencedBlock): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const stop = (how: () => void): void => {
      clearTimeout(limit);
      child.stdout?.off('data', take);
      child.stderr?.off('data', take);
      child.off('exit', ended);
      // What a shop prints later is read by nobody and must not stop it.
      child.stdout?.resume();
      child.stderr?.resume();
      how();
    };
    const take = (chunk: Buffer): void => {
      text += chunk.toString();
      if (end.test(text)) stop(() => resolve(text));
    };
    const fail = (why: string): void => stop(() => reject(new Error(`${place(block)} ${why}:\n${block.text}\n${text}`)));
    const ended = (): void => fail('ended before its time');
    const limit = setTimeout(() => fail(`took longer than ${block_timeout_ms} ms`), block_timeout_ms);
    child.stdout?.on('data', take);
    child.stderr?.on('data', take);
    child.once('exit', ended);
  });
}
