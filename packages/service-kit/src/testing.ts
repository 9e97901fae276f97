export { proofOf } from './testing/proof-of.ts';
export { createTestKeys, type TestKeys, type TokenOptions } from './testing/test-keys.ts';
export { type TestBroker, type TestService, type TestServiceOptions, testBroker, testConfig, testService } from './testing/test-service.ts';
