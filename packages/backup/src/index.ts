export type { BackupDatabase, Manifest } from './manifest.ts';
export { type RestoreTarget, republishSince, restoreBackup, verifyBackup } from './restore-backup.ts';
export { settleRestore, stageSecrets } from './restored-home.ts';
export { readSecrets, takeBackup } from './take-backup.ts';
