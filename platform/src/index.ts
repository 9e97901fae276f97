/** The platform: its plan, what it stands on, its services in one process or in many, and its seed. */
export type { DrillFault } from './drills/drill-fault.ts';
export { type OpenedDrills, openDrills } from './drills/open-drills.ts';
export { openBroker, openEmbeddedWorld, type World } from './infrastructure/embedded-world.ts';
export { type Servers, startServers } from './infrastructure/servers.ts';
export { type EmbeddedPlatform, type EmbeddedPlatformOptions, makeHome, startEmbeddedPlatform } from './one-process/embedded-platform.ts';
export { type Platform, type PlatformOptions, startPlatform } from './one-process/start-platform.ts';
export { type DatabaseName, databaseNames, extensionsOf, migrationFolders } from './plan/databases.ts';
export { decidedVariables, environmentProblems } from './plan/environment.ts';
export { fixedPorts, freePortsNeeded, type Instance, planInstances } from './plan/processes.ts';
export { parseReplicas, type Replicas } from './plan/replicas.ts';
export { needFree } from './processes/free-ports.ts';
export { createLinePrinter, type LinePrinter } from './processes/log-lines.ts';
export { processFaults } from './processes/process-faults.ts';
export { startProcesses } from './processes/start-processes.ts';
export { createSupervisor, type Supervisor } from './processes/supervisor.ts';
export { type Account, type AccountRole, keptAccounts } from './seed/accounts.ts';
export { keptInternalToken, readKept } from './seed/secrets.ts';
export { configSchemas } from './services.ts';
