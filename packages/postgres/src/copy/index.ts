export { type CopyDatabaseOptions, copyDatabase } from './copy-database.ts';
export { beginRestoration, inspectTarget, type Load, openLoad, type Restoration, type TargetState } from './load.ts';
export { type AppliedMigration, openSnapshot, type SequenceState, type Snapshot, type TableShape } from './snapshot.ts';
export { dropLeftovers, makeStaging, swapStaging } from './staging.ts';
