export { type Account, type AccountRole, keptAccounts } from './accounts.ts';
export { type Constellation, type ConstellationOptions, startConstellation } from './constellation.ts';
export { databaseNames, extensionsOf } from './databases.ts';
export { type EmbeddedPlatform, type EmbeddedPlatformOptions, makeHome, startEmbeddedPlatform } from './embedded-platform.ts';
export { openBroker, openEmbeddedWorld, type World } from './embedded-world.ts';
export { decidedVariables, environmentProblems } from './environment.ts';
export { keptSecret } from './secrets.ts';
