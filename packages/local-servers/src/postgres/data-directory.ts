/**
 * PostgreSQL refuses to run as root. Started by root, the server runs as `unprivileged` (or as the account that owns the data
 * already), who must be able to reach its programs and data; below a private folder such as /root they are out of
 * reach. Then programs and data are kept under /var/lib/souk-…, and a file `location` in the home says where; secrets,
 * log and lock stay in the home.
 */
import { createHash, randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readdir, readFile, realpath, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError, type Log } from '@souk/kernel';

export interface Account {
  uid: number;
  gid: number;
}

/** Where the data of a home's server is, and who runs it: undefined stands for our own account. */
export interface DataDirectory {
  data: string;
  /** The folder around it, which holds the programs too. */
  parent: string;
  account: Account | undefined;
}

const unprivilegedElsewhere: Account = { uid: 65534, gid: 65534 };
const privatePlaces = '/var/lib';

/** Finds or chooses it. `folder` is `<home>/postgres` and exists. */
export async function findDataDirectory(folder: string, log: Log): Promise<DataDirectory> {
  const isRoot = process.getuid?.() === 0;
  const parent = isRoot ? await findParent(folder, log) : folder;
  const data = join(parent, 'data');
  if (!isRoot) return { data, parent, account: undefined };
  const owner = await stat(data).catch(() => undefined);
  return { data, parent, account: owner === undefined || owner.uid === 0 ? await unprivileged() : { uid: owner.uid, gid: owner.gid } };
}

async function findParent(folder: string, log: Log): Promise<string> {
  const pointer = join(folder, 'location');
  const known = (await readFile(pointer, 'utf8').catch(() => '')).trim();
  // Data that is here already was made by an account that reaches it, and that will run the server again.
  if (known === '' && ((await isFolder(join(folder, 'data'))) || (await isTraversable(folder)))) return folder;
  const chosen = known || (await newPlace(folder, log));
  if (known === '') await writeFile(pointer, `${chosen}\n`);
  await mkdir(chosen, { recursive: true });
  await chmod(chosen, 0o755);
  await claimPlace(chosen, folder);
  return chosen;
}

/** A home may be moved, data and all; its copy must not run a second server on the data of the first. */
async function claimPlace(place: string, folder: string): Promise<void> {
  const claim = join(place, 'home');
  const holder = (await readFile(claim, 'utf8').catch(() => '')).trim();
  if (holder === folder) return;
  const theirs = holder === '' ? '' : (await readFile(join(holder, 'location'), 'utf8').catch(() => '')).trim();
  if (theirs === place) {
    const sentence = `The data in ${place} belongs to ${holder}, of which ${folder} is a copy. Delete ${join(folder, 'location')} to start the copy without data.`;
    throw new AppError('embedded_postgres_failed', sentence, { place, holder });
  }
  await writeFile(claim, `${folder}\n`);
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}

/** The random part keeps a home that was deleted and made anew from waking the data of the old one. */
async function newPlace(folder: string, log: Log): Promise<string> {
  const prefix = `souk-0-${createHash('sha256').update(folder).digest('hex').slice(0, 8)}-`;
  const left = (await readdir(privatePlaces)).filter((name) => name.startsWith(prefix)).map((name) => join(privatePlaces, name));
  if (left.length > 0)
    log.warn({ folders: left }, 'folders of an earlier home in the same place are still there; delete them if it is not needed');
  return join(privatePlaces, `${prefix}${randomBytes(3).toString('hex')}`);
}

async function unprivileged(): Promise<Account> {
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const line = passwd.split('\n').find((entry) => entry.startsWith('nobody:'));
  if (line === undefined) return unprivilegedElsewhere;
  const [, , uid, gid] = line.split(':');
  return { uid: Number(uid), gid: Number(gid) };
}

/** Whether everyone may pass through `path` and all folders above it. */
async function isTraversable(path: string): Promise<boolean> {
  const passable = 0o001;
  for (let folder = await realpath(path); ; folder = dirname(folder)) {
    if (((await stat(folder)).mode & passable) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

/** Makes the folder when it is absent and gives it to the account. */
export async function ownedFolder(path: string, account: Account | undefined): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  if (account) await chown(path, account.uid, account.gid);
}
