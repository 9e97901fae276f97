// One installer at a time: a lock folder beside the packages, which a dead owner cannot keep.
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

const wait_max_ms = 20 * 60_000;
const poll_ms = 200;
const unsigned_max_ms = 10_000;
const foreign_max_ms = 20 * 60_000;

/**
 * Waits for the lock in that folder and takes it. `release` gives it back (also called at exit); `share` names the
 * process that does the work: it may outlive its owner, and no other process may write while it does.
 */
export async function takeInstallLock(folder) {
  const path = join(folder, '.souk-installing');
  const started = Date.now();
  let reported = false;
  while (!tryTake(path)) {
    if (removeIfStale(path)) continue;
    if (!reported) {
      process.stderr.write('souk: another command is installing the packages; waiting for it ...\n');
      reported = true;
    }
    if (Date.now() - started > wait_max_ms) throw new Error(`gave up waiting for ${path}; remove that folder if nothing is installing`);
    await new Promise((resolve) => setTimeout(resolve, poll_ms));
  }
  let worker;
  const release = () => rmSync(path, { recursive: true, force: true });
  const releaseWithWorker = () => {
    if (worker === undefined || !isAlive(worker)) release();
  };
  const leave = () => process.exit(130);
  process.once('exit', releaseWithWorker);
  process.once('SIGINT', leave);
  process.once('SIGTERM', leave);
  return {
    share: (pid) => {
      worker = identity(pid);
      sign(path, worker);
    },
    release: () => {
      release();
      process.removeListener('exit', releaseWithWorker);
      process.removeListener('SIGINT', leave);
      process.removeListener('SIGTERM', leave);
    },
  };
}

function tryTake(path) {
  try {
    mkdirSync(path);
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
  sign(path);
  return true;
}

/** The words are written aside first, so that no process ever reads half of them. */
function sign(path, worker = '') {
  const draft = join(path, `owner.${process.pid}`);
  writeFileSync(draft, `${hostname()} ${identity(process.pid)} ${worker}`);
  renameSync(draft, join(path, 'owner'));
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
  const [host, ...processes] = owner.split(' ');
  if (!host) return age_ms > unsigned_max_ms;
  if (host !== hostname()) return age_ms > foreign_max_ms;
  return !processes.some((each) => each !== '' && isAlive(each));
}

/** A process by its number and, where the system reports it, its start: the number alone may belong to another one by now. */
function identity(pid) {
  return `${pid}@${startOf(pid)}`;
}

function startOf(pid) {
  const start_field = 19;
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[start_field];
  } catch {
    return '';
  }
}

function isAlive(process_identity) {
  const [pid, start] = process_identity.split('@');
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    if (error.code !== 'EPERM') return false;
  }
  return start === '' || startOf(pid) === start;
}
