/**
 * Publishing with confirms: at most a window of messages is on its way, what cannot be confirmed in time is refused, and
 * messages that reached no queue are told apart by what the broker returns just before their confirm.
 */
import { refusal } from '@souk/contracts';
import type { ChannelModel, ConfirmChannel, Options } from 'amqplib';
import type { PublishOutcome } from '../broker.ts';

/** A message with its address. */
export interface Parcel {
  exchange: string;
  routing_key: string;
  content: Buffer;
  options: Options.Publish;
}

export interface Publisher {
  setup(model: ChannelModel): Promise<void>;
  lost(): void;
  /** Nothing is taken until the connection, or the broker, is there again: whoever waits is refused now. */
  refuseAll(reason: string): void;
  /** Rejects with `broker_unavailable` when any of the messages may not be on disk. */
  send(parcels: readonly Parcel[]): Promise<PublishOutcome[]>;
}

/** Messages on their way at most; the broker confirms them in groups, so a small window would wait for each group. */
const windowMax = 2_000;

interface Shipment {
  parcels: readonly Parcel[];
  outcomes: PublishOutcome[];
  left: number;
  settle(error?: Error): void;
}

function newShipment(parcels: readonly Parcel[], limit_ms: number, ended: (error?: Error) => void): Shipment {
  let open = true;
  const settle = (error?: Error): void => {
    if (!open) return;
    open = false;
    clearTimeout(timer);
    ended(error);
  };
  const timer = setTimeout(() => settle(new Error(`no confirm within ${limit_ms} ms`)), limit_ms);
  return { parcels, outcomes: parcels.map(() => 'confirmed'), left: parcels.length, settle };
}

/** A publisher over whatever connection `setup` was called with last. */
export function createPublisher(confirm_timeout_ms: number): Publisher {
  let channel: ConfirmChannel | undefined;
  let under_way = 0;
  const waiting: { shipment: Shipment; from: number }[] = [];
  const shipments = new Set<Shipment>();
  const returned = new Set<string>();

  const sendOne = (open: ConfirmChannel, shipment: Shipment, position: number): void => {
    const { exchange, routing_key, content, options } = shipment.parcels[position] as Parcel;
    open.publish(exchange, routing_key, content, options, (error) => {
      if (open === channel) under_way -= 1;
      if (returned.size > 0 && returned.delete(options.messageId ?? '')) shipment.outcomes[position] = 'unroutable';
      shipment.left -= 1;
      if (error) shipment.settle(error as Error);
      else if (shipment.left === 0) shipment.settle();
      if (open === channel) pump(open);
    });
    under_way += 1;
  };

  const pump = (open: ConfirmChannel): void => {
    for (let next = waiting[0]; next && under_way < windowMax; next = waiting[0]) {
      const end = Math.min(next.shipment.parcels.length, next.from + windowMax - under_way);
      try {
        while (next.from < end) sendOne(open, next.shipment, next.from++);
      } catch (error) {
        // The channel was closed a moment ago, or a message cannot be encoded.
        next.shipment.settle(error as Error);
        continue;
      }
      if (next.from === next.shipment.parcels.length) waiting.shift();
    }
  };

  const publisher: Publisher = {
    async setup(model) {
      const opened = await model.createConfirmChannel();
      opened.on('return', (message) => returned.add(String(message.properties.messageId ?? '')));
      opened.on('error', (error) => publisher.refuseAll(error.message));
      opened.on('close', () => {
        if (channel !== opened) return;
        publisher.lost();
        // A channel dies alone when an exchange is missing; a new connection declares everything again.
        model.close().catch(() => undefined);
      });
      channel = opened;
      under_way = 0;
      returned.clear();
    },
    lost() {
      channel = undefined;
      publisher.refuseAll('the connection was lost');
    },
    refuseAll(reason) {
      waiting.length = 0;
      for (const shipment of shipments) shipment.settle(new Error(reason));
    },
    send(parcels) {
      const open = channel;
      if (open === undefined) return Promise.reject(refusal('broker_unavailable', 'RabbitMQ is not connected.'));
      return new Promise((resolve, reject) => {
        const shipment = newShipment(parcels, confirm_timeout_ms, (error) => {
          shipments.delete(shipment);
          const place = waiting.findIndex((entry) => entry.shipment === shipment);
          if (place >= 0) waiting.splice(place, 1);
          if (error) reject(refusal('broker_unavailable', undefined, {}, error));
          else resolve(shipment.outcomes);
        });
        shipments.add(shipment);
        waiting.push({ shipment, from: 0 });
        pump(open);
      });
    },
  };
  return publisher;
}
