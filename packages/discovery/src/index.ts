export { type DnsNames, type DnsNamesOptions, watchDnsNames } from './dns-names.ts';
export { createHealthProber, type HealthProber, type HealthProberOptions } from './health-prober.ts';
export {
  authorityOf,
  checkRegistration,
  type Instance,
  instanceKey,
  type LeasedInstance,
  originOf,
  type Registration,
} from './instance.ts';
export { createInstanceTable, type InstanceTable } from './instance-table.ts';
export { keepLastView, loadLastView } from './last-view.ts';
export { type MemoryRegistryOptions, memoryRegistry } from './memory-registry.ts';
export { challengeHeader, type Identity, isProof, newChallenge, proofFor, proofHeader } from './proof.ts';
export { createRegistrar, type Registrar, type RegistrarOptions } from './registrar.ts';
export type { Registry, RegistryView } from './registry.ts';
export { createResolver, type Resolver } from './resolver.ts';
export { parseStaticServices, type StaticService, staticInstances } from './static-services.ts';
