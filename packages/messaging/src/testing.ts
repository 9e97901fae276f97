/** What tests of messaging share: conformance suites for brokers and for consumers. */

export { createBatchHandler } from './consumer-runtime.ts';
export { anEnvelope, asDelivery } from './testing/an-event.ts';
export { type BrokerUnderTest, brokerConformance } from './testing/broker-conformance.ts';
export { type ConsumerCase, type ConsumerFixture, consumerConformance } from './testing/consumer-conformance.ts';
export { freshVirtualHost, sharedRabbitEnvironment, startTestRabbitMq, type TestRabbitMq } from './testing/test-rabbitmq.ts';
export { until } from './testing/until.ts';
