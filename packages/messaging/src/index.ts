export * from './broker.ts';
export { openConfiguredBroker } from './configured-broker.ts';
export * from './consumer.ts';
export { attemptsMaxDefault, retryDelaysMs } from './consumer-runtime.ts';
export type { DeadLetterChoice, DeadLetterCount, DeadLetterRow, DeadLetters } from './dead-letters.ts';
export { type EmbeddedBrokerOptions, embeddedBrokerMigrations, openEmbeddedBroker } from './embedded/embedded-broker.ts';
export * from './event.ts';
export { inboxDaysKept } from './inbox.ts';
export {
  createMessaging,
  type Messaging,
  type MessagingHealth,
  type MessagingOptions,
  messagingMigrations,
  type Outbox,
} from './messaging.ts';
export { findRabbit } from './rabbitmq/find-rabbit.ts';
export { type PrivateRabbit, type PrivateRabbitOptions, startPrivateRabbit } from './rabbitmq/private-server.ts';
export { openRabbitBroker, type RabbitBrokerOptions } from './rabbitmq/rabbit-broker.ts';
