/** An empty cluster that the homes of a machine share: each new one begins with a copy of it, which takes a tenth of an initdb. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@souk/kernel';
import type { Binaries } from './binaries.ts';
import { type Account, ownedFolder } from './data-directory.ts';
import { runProgram } from './run-program.ts';

const copyTimeoutMs = 60_000;

/** What makes one cluster another: the programs, how they are called, and whose it is. */
export interface ClusterKind {
  binaries: Binaries;
  account: Account | undefined;
  settings: readonly string[];
}

/**
 * The shared cluster of this kind in `folder`, made by `make` at first need, in a folder it is given. Several processes may do this at
 * once: only a whole one ever gets the name, and each is as good.
 */
export async function sharedCluster(folder: string, kind: ClusterKind, make: (fresh: string) => Promise<void>): Promise<string> {
  const { binaries, account, settings } = kind;
  const content = createHash('sha256').update(JSON.stringify([settings, account?.uid]));
  const cluster = join(folder, `cluster-${binaries.version}-${content.digest('hex').slice(0, 12)}`);
  if (existsSync(cluster)) return cluster;
  await mkdir(folder, { recursive: true, mode: 0o755 });
  const place = await mkdtemp(join(folder, '.cluster-'));
  try {
    await ownedFolder(place, account);
    const fresh = join(place, 'data');
    await ownedFolder(fresh, account);
    await make(fresh);
    await rename(fresh, cluster).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST' && error.code !== 'EPERM') throw error;
    });
    return cluster;
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

/** Fills the empty folder `data` with a copy of a shared cluster, as the account that both belong to. */
export async function copyCluster(cluster: string, data: string, account: Account | undefined): Promise<void> {
  if (process.platform === 'win32') return cp(cluster, data, { recursive: true });
  // The point makes it the contents that are copied; `join` would take it away.
  const { code, said } = await runProgram('cp', ['-R', `${cluster}/.`, data], account, data, copyTimeoutMs);
  if (code === 0) return;
  throw new AppError('embedded_postgres_failed', `${cluster} could not be copied: ${said.trim()}`, { cluster, said });
}
