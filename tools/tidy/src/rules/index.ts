import type { Rule } from '../source-file.ts';
import { domainStateless, environmentInConfig, noEmptyCatch, noModuleState, pureDomain } from './code.ts';
import { publicDocumented } from './documented.ts';
import { metricsCatalogued } from './metrics.ts';
import { kebabPaths, noEmptyFileNames, noEmptyTypeNames } from './names.ts';
import { readmeShort } from './readmes.ts';
import { consumerIsQueue, skeletonOnly, skeletonWhole } from './skeleton.ts';
import { standardTerms } from './standard-terms.ts';
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
  domainStateless,
  noModuleState,
  environmentInConfig,
  noEmptyCatch,
  publicDocumented,
  metricsCatalogued,
  readmeShort,
  standardTerms,
];
