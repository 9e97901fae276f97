/** Exchanges and queues as Souk declares them. Arguments are fixed: a queue that exists with others is named, not repaired. */
import { refusal } from '@souk/contracts';
import { withDeadline } from '@souk/kernel';
import type { Channel, ChannelModel } from 'amqplib';
import type { QueueDeclaration } from '../broker.ts';
import { retryDelaysMs } from '../consumer-runtime.ts';
import { setupTimeoutMs, whileConnected } from './managed-connection.ts';
import type { Names } from './names.ts';

export const deadSuffix = '.dead';
/** Queues are declared over so many channels at once: each waits for its answers one by one. */
const channelsMax = 4;

/**
 * Every lost connection counts as a delivery, so the broker's own limit would dead-letter messages without a failed
 * attempt. RabbitMQ 4 has a limit of 20 unless configured otherwise, 3.10 knows no "unlimited" but takes any number.
 */
const deliveryLimit = 1_000_000_000;

/** The shortest step that waits long enough, else the longest. */
export function retryStepFor(delay_ms: number): number {
  return retryDelaysMs.find((step) => step >= delay_ms) ?? (retryDelaysMs.at(-1) as number);
}

/** Where the broker itself moves messages (expired delays, a policy of its operator), none is lost on the way. */
const keptOnTheWay = { 'x-dead-letter-exchange': '', 'x-dead-letter-strategy': 'at-least-once', 'x-overflow': 'reject-publish' };

/** The arguments of each kind of queue. */
export const queueArguments = {
  work: (name: string) => ({
    'x-queue-type': 'quorum',
    'x-delivery-limit': deliveryLimit,
    ...keptOnTheWay,
    'x-dead-letter-routing-key': `${name}${deadSuffix}`,
  }),
  dead: () => ({ 'x-queue-type': 'quorum', 'x-delivery-limit': deliveryLimit }),
  /** No routing key of its own: the message keeps the one it came with, which is the queue it returns to. */
  retry: (delay_ms: number) => ({ 'x-queue-type': 'quorum', 'x-message-ttl': delay_ms, ...keptOnTheWay }),
};

type ChannelWork = (channel: Channel) => Promise<unknown>;

export type Declare = (model: ChannelModel, queues: readonly QueueDeclaration[]) => Promise<void>;

/**
 * Declares the exchange, the retry steps, and each queue with its bindings and its dead queue. The services of one process
 * ask for the same at the same moment: it is done once for all of them. Errors: `config_invalid` for a mismatch.
 */
export function createDeclare(names: Names): Declare {
  let current: { model: ChannelModel; asked: string; done: Promise<void> } | undefined;
  return (model, queues) => {
    const asked = JSON.stringify(queues);
    if (current?.model === model && current.asked === asked) return current.done;
    const done = withDeadline(whileConnected(model, declareTopology(model, queues, names)), setupTimeoutMs);
    const mine = { model, asked, done };
    current = mine;
    const ended = (): void => {
      if (current === mine) current = undefined;
    };
    done.then(ended, ended);
    return done;
  };
}

async function declareTopology(model: ChannelModel, queues: readonly QueueDeclaration[], names: Names): Promise<void> {
  const work: ChannelWork[] = [
    ...retryDelaysMs.map((delay_ms) => (channel: Channel) => declareRetry(channel, names.retry(delay_ms), delay_ms)),
    ...queues.map((queue) => (channel: Channel) => declareQueue(channel, queue, names)),
  ];
  await onChannel(model, [(channel) => channel.assertExchange(names.events, 'topic', { durable: true })]);
  await Promise.all(Array.from({ length: channelsMax }, () => onChannel(model, work)));
}

async function declareRetry(channel: Channel, name: string, delay_ms: number): Promise<void> {
  await channel.assertExchange(name, 'fanout', { durable: true });
  await channel.assertQueue(name, { durable: true, arguments: queueArguments.retry(delay_ms) });
  await channel.bindQueue(name, name, '');
}

async function declareQueue(channel: Channel, { name: plain, routing_keys }: QueueDeclaration, names: Names): Promise<void> {
  const name = names.queue(plain);
  await channel.assertQueue(`${name}${deadSuffix}`, { durable: true, arguments: queueArguments.dead() });
  await channel.assertQueue(name, { durable: true, arguments: queueArguments.work(name) });
  for (const key of routing_keys) await channel.bindQueue(name, names.events, key);
}

/** Takes from `work` until nothing is left: several channels may share it. */
async function onChannel(model: ChannelModel, work: ChannelWork[]): Promise<void> {
  const channel = await model.createChannel();
  // The refusal of the call below says the same.
  channel.on('error', () => undefined);
  try {
    for (let next = work.shift(); next; next = work.shift()) await next(channel);
  } catch (error) {
    throw asMismatch(error as Error & { code?: number });
  }
  await channel.close();
}

const preconditionFailed = 406;

/** RabbitMQ's own words name the argument and the queue; everything else passes through. */
function asMismatch(error: Error & { code?: number }): Error {
  if (error.code !== preconditionFailed) return error;
  const { argument, kind, name, received, current } =
    /inequivalent arg '(?<argument>[^']*)' for (?<kind>queue|exchange) '(?<name>[^']*)'.*received (?<received>.*?) but current is (?<current>.*?)"?$/s.exec(
      error.message,
    )?.groups ?? {};
  if (argument === undefined) return refusal('config_invalid', `RabbitMQ refuses the topology: ${error.message}`, {}, error);
  const sentence = `The ${kind} ${name} exists in RabbitMQ with another ${argument}: ${current} instead of ${received}. Delete or rename it when it is empty.`;
  return refusal('config_invalid', sentence, { [kind as string]: name, argument, received, current }, error);
}
