/** For tests of registries. */
export { aRegistration, type RegistryUnderTest, registryConformance } from './testing/registry-conformance.ts';
