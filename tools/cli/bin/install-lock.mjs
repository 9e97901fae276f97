// One installer at a time: a lock folder beside the packages, which a dead owner cannot keep.
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

const wait_max_ms = 20 * 60_000;
const poll_ms = 200;
const unsigned_max_ms = 10_000;
const foreign_max_ms = 20 * 60_000;

/** Waits for the lock in that folder and takes it. Answers the function that gives it back (also called at exit). */
export async function takeInstallLock(folder) {
  const path = join(folder, '.souk-installing');
  const started = Date.now();
  let told = false;
  while (!tryTake(path)) {
    if (removeIfStale(path)) continue;
    if (!told) {
      process.stderr.write('souk: another command is installing the packages; waiting for it ...\n');
      told = true;
    }
    if (Date.now() - started > wait_max_ms) throw new Error(`gave up waiting for ${path}; remove that folder if nothing is installing`);
    await new Promise((resolve) => setTimeout(resolve, poll_ms));
  }
  const release = () => rmSync(path, { recursive: true, force: true });
  const leave = () => {
    release();
    process.exit(130);
  };
  process.once('exit', release);
  process.once('SIGINT', leave);
  process.once('SIGTERM', leave);
  return () => {
    release();
    process.removeListener('exit', release);
    process.removeListener('SIGINT', leave);
    process.removeListener('SIGTERM', leave);
  };
}

function tryTake(path) {
  try {
    mkdirSync(path);
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
  writeFileSync(join(path, 'owner'), `${process.pid} ${hostname()}`);
  return true;
}

function ownerOf(path) {
  try {
    return readFileSync(join(path, 'owner'), 'utf8');
  } catch {
    return '';
  }
}

/** Moves a dead owner's lock away (true: look again); a lock that changed hands between looking and moving is put back. */
function removeIfStale(path) {
  const owner = ownerOf(path);
  if (!isStale(path, owner)) return false;
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
    if (ownerOf(aside) === owner) rmSync(aside, { recursive: true, force: true });
    else renameSync(aside, path);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  return true;
}

function isStale(path, owner) {
  let age_ms = 0;
  try {
    age_ms = Date.now() - statSync(path).mtimeMs;
  } catch {
    return false;
  }
  const [pid, host] = owner.split(' ');
  if (!pid || !host) return age_ms > unsigned_max_ms;
  if (host !== hostname()) return age_ms > foreign_max_ms;
  return !isAlive(Number(pid));
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
