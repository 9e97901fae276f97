/** What tests of messaging share: conformance suites for brokers and for consumers. */
export { type BrokerUnderTest, brokerConformance } from './testing/broker-conformance.ts';
export { type ConsumerCase, consumerConformance, type ConsumerWorld } from './testing/consumer-conformance.ts';
export { createBatchHandler } from './consumer-runtime.ts';
export { anEnvelope, asDelivery } from './testing/an-event.ts';
export { until } from './testing/until.ts';
