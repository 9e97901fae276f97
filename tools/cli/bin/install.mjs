// Brings node_modules to what package-lock.json says, once, with one writer at a time, and never changes the lock file.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { takeInstallLock } from './install-lock.mjs';
import { bundledNodeRuns, stampFile } from './runtime.mjs';

const install_timeout_ms = 15 * 60_000;
const sign_of_life_ms = 10_000;
const spinner_ms = 120;

/** Installs what is missing. Answers undefined when everything is there, else the sentence to end with. */
export async function ensureInstalled(root) {
  if (process.env.SOUK_INSTALL === '0' || isStamped(root)) return undefined;
  const modules = join(root, 'node_modules');
  if (!existsSync(modules) && isWritable(root)) mkdirSync(modules, { recursive: true });
  if (isWritable(modules)) {
    const lock = await takeInstallLock(modules);
    try {
      return await installLocked(root, lock);
    } finally {
      lock.release();
    }
  }
  if (matchesLock(root)) return undefined;
  return `packages must be installed, but this user may not write to ${modules}. Run "npm install --ignore-scripts" there as its owner, or use a copy of your own.`;
}

async function installLocked(root, lock) {
  if (isStamped(root)) return undefined;
  if (matchesLock(root) && hasBundledNode(root)) return stamp(root);
  const lockFile = join(root, 'package-lock.json');
  const before = readFileSync(lockFile);
  const run = await runNpmInstall(root, lock);
  if (!readFileSync(lockFile).equals(before)) {
    writeFileSync(lockFile, before);
    say('npm wanted to change package-lock.json; it was put back. If package.json was edited, run "npm install" by hand and commit both.');
  }
  if (run.code !== 0) return installFailure(run);
  return stamp(root);
}

function installFailure(run) {
  process.stderr.write(`${run.output.trim()}\n`);
  const why = run.timed_out ? `npm install did not end within ${install_timeout_ms / 60_000} minutes` : `npm install failed (${run.code})`;
  return `${why}; its words are above. Check the network and the registry ("npm ping"), then run the same command again: it goes on from here.`;
}

function lockHash(root) {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

function stampText(root) {
  return `${lockHash(root)} ${process.platform}-${process.arch}`;
}

function isStamped(root) {
  try {
    const [hash, machine, runtime] = readFileSync(stampFile(root), 'utf8').trim().split(' ');
    return `${hash} ${machine}` === stampText(root) && (runtime === 'own-node' || hasBundledNode(root));
  } catch {
    return false;
  }
}

/** Notes what is installed and which Node turned out to run here: the packaged one does not start on musl. */
function stamp(root) {
  const runtime = bundledNodeRuns(root) ? 'bundled-node' : 'own-node';
  writeFileSync(stampFile(root), `${stampText(root)} ${runtime}\n`);
  return undefined;
}

function hasBundledNode(root) {
  const file = process.platform === 'win32' ? 'node.cmd' : 'node';
  return existsSync(join(root, 'node_modules', '.bin', file));
}

/** Compares npm's own record of what it installed with the lock file; packages for other machines may be absent. */
function matchesLock(root) {
  try {
    const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
    const present = JSON.parse(readFileSync(join(root, 'node_modules', '.package-lock.json'), 'utf8')).packages;
    return Object.entries(wanted).every(([path, entry]) => isPresent(path, entry, present[path]));
  } catch {
    return false;
  }
}

function isPresent(path, entry, found) {
  if (!path.includes('node_modules')) return true;
  if (found === undefined) return entry.optional === true || entry.peer === true;
  return found.version === entry.version && found.integrity === entry.integrity && found.link === entry.link;
}

function isWritable(folder) {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function say(sentence) {
  process.stderr.write(`souk: ${sentence}\n`);
}

/** npm as it was started with, else the one in PATH. */
function npmCommand() {
  const running = process.env.npm_execpath;
  if (running !== undefined && basename(running) === 'npm-cli.js' && existsSync(running)) return [process.execPath, [running]];
  return process.platform === 'win32' ? ['npm.cmd', []] : ['npm', []];
}

/** What the calling npm was configured with (a prefix, a workspace, production) must not steer this install. */
function npmEnvironment() {
  const kept = Object.entries(process.env).filter(
    ([key]) => !/^npm_(config_(local_prefix|prefix|workspaces?|omit|include|global|production)|lifecycle|package)/i.test(key),
  );
  const environment = Object.fromEntries(kept.filter(([key]) => key !== 'NODE_ENV' && key !== 'INIT_CWD'));
  return isWritable(homedir(), '/')
    ? environment
    : { ...environment, npm_config_cache: join(tmpdir(), `souk-npm-cache-${process.getuid?.() ?? 0}`) };
}

async function runNpmInstall(root, lock) {
  say('installing the packages of package-lock.json (about 560 MB on disk: Node 26 211, Biome 97, PostgreSQL 60, TypeScript 55; once) ...');
  const [command, first] = npmCommand();
  const args = [...first, 'install', '--ignore-scripts', '--no-audit', '--no-fund', '--include=dev', '--include=optional'];
  const started = Date.now();
  const child = spawn(command, args, {
    cwd: root,
    env: npmEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  if (child.pid !== undefined) lock.share(child.pid);
  const endWithUs = () => child.kill('SIGTERM');
  process.once('exit', endWithUs);
  const stopProgress = showProgress(started);
  const run = await outcome(child);
  stopProgress();
  process.removeListener('exit', endWithUs);
  if (run.code === 0) say(`packages installed in ${Math.round((Date.now() - started) / 1000)} s.`);
  return run;
}

function outcome(child) {
  const output_max = 200_000;
  let output = '';
  let timed_out = false;
  const keep = (chunk) => {
    output = (output + chunk).slice(-output_max);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const timer = setTimeout(() => {
    timed_out = true;
    child.kill('SIGTERM');
  }, install_timeout_ms);
  return new Promise((resolve) => {
    const end = (code) => {
      clearTimeout(timer);
      resolve({ code, output, timed_out });
    };
    child.on('error', (error) => {
      keep(`npm could not be started: ${error.message}\n`);
      end('not started');
    });
    child.on('close', (code, signal) => end(code ?? signal));
  });
}

/** A turning line on a terminal, a line every ten seconds elsewhere. */
function showProgress(started) {
  const seconds = () => Math.round((Date.now() - started) / 1000);
  const line = process.stderr.isTTY;
  let turn = 0;
  const draw = () => {
    turn += 1;
    if (line) process.stderr.write(`\r\x1b[2K${'|/-\\'[turn % 4]} npm install, ${seconds()} s`);
    else say(`still installing, ${seconds()} s`);
  };
  const timer = setInterval(draw, line ? spinner_ms : sign_of_life_ms);
  return () => {
    clearInterval(timer);
    if (line) process.stderr.write('\r\x1b[2K');
  };
}
