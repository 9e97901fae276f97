export * from './broker.ts';
export { openConfiguredBroker } from './configured-broker.ts';
export * from './consumer.ts';
export { attemptsMaxDefault, retryDelaysMs } from './consumer-runtime.ts';
export type { DeadLetterChoice, DeadLetterCount, DeadLetterRow, DeadLetters } from './dead-letters.ts';
export { type EmbeddedBrokerOptions, embeddedBrokerMigrations, openEmbeddedBroker } from './embedded/embedded-broker.ts';
export { eraseDeadLetters } from './erase-dead-letters.ts';
export * from './event.ts';
export { inboxDaysKept } from './inbox.ts';
export { deadLettersAbout, unsentEventsAbout } from './messages-about.ts';
export {
  createMessaging,
  type Messaging,
  type MessagingHealth,
  type MessagingOptions,
  messagingMigrations,
  type Outbox,
} from './messaging.ts';
export type { QueueSamples, QueueStats } from './queue-samples.ts';
export { openRabbitBroker, type RabbitBrokerOptions } from './rabbitmq/rabbit-broker.ts';
