export { breakingChanges } from './breaking-changes.ts';
export { exampleOf } from './example-of.ts';
