/** What a consumption over RabbitMQ needs besides its queue and its handler. */
import type { Clock, Log } from '@souk/kernel';
import type { ChannelModel } from 'amqplib';
import type { ConsumeOptions } from '../broker.ts';
import type { Names } from './names.ts';
import type { Publisher } from './publisher.ts';

export interface RabbitConsumptionOptions extends ConsumeOptions {
  names: Names;
  log: Log;
  clock: Clock;
  publisher: Publisher;
  /** How long after attaching answers may still be on their way from the outboxes of others. */
  settling_ms: number;
  /** Consumes for a moment over a connection of its own; rejects when the queue cannot be consumed. */
  probeQueue(queue: string): Promise<void>;
  /** Declares the topology again, because the queue is not there. */
  redeclare(model: ChannelModel): Promise<void>;
  onClose(): void;
}
