/** What tests of messaging share: conformance suites for brokers and for consumers. */

export { createBatchHandler } from './consumer-runtime.ts';
export { anEnvelope, asDelivery } from './testing/an-event.ts';
export { type BrokerUnderTest, brokerConformance } from './testing/broker-conformance.ts';
export { type ConsumerCase, type ConsumerWorld, consumerConformance } from './testing/consumer-conformance.ts';
export { startTestRabbit, type TestRabbit } from './testing/private-rabbitmq.ts';
export { until } from './testing/until.ts';
