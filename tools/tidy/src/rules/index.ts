import type { Rule } from '../source-file.ts';
import { environmentInConfig, noEmptyCatch, pureDomain } from './code.ts';
import { publicDocumented } from './documented.ts';
import { metricsCatalogued } from './metrics.ts';
import { kebabPaths, noEmptyFileNames, noEmptyTypeNames } from './names.ts';
import { consumerIsQueue, skeletonOnly, skeletonWhole } from './skeleton.ts';
import { noMarks, noOutsidePaths, onlyNoteTag } from './texts.ts';

/** All rules of the house that no other tool can keep. Each has an offending tree in violations/tidy/<name>/. */
export const rules: readonly Rule[] = [
  skeletonOnly,
  skeletonWhole,
  consumerIsQueue,
  noEmptyFileNames,
  noEmptyTypeNames,
  kebabPaths,
  noMarks,
  noOutsidePaths,
  onlyNoteTag,
  pureDomain,
  environmentInConfig,
  noEmptyCatch,
  publicDocumented,
  metricsCatalogued,
];
