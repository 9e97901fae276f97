import { refusal } from '@souk/contracts';
import { AppError, createLimiter, type Limiter } from '@souk/kernel';
import {
  createInstanceDirectory,
  type InstanceDirectory,
  openProcessContext,
  type ProcessContext,
  type ProcessOverrides,
} from '@souk/service-kit';
import { createOrderStreams, type OrderStreams } from './clients/order-events.ts';
import type { WebConfig } from './config.ts';
import { type Faces, openFaces } from './workers/faces.ts';

export interface WebContext extends ProcessContext<WebConfig> {
  /** The instances of the services that the graph is gathered from. */
  readonly directory: InstanceDirectory;
  /** Subscriptions of the graph: each holds a stream of a gateway. */
  readonly subscriptions: Limiter;
  readonly order_streams: OrderStreams;
  /** What was built for browsers. */
  readonly faces: Faces;
}

/** Fewer than the connections that a gateway has to one instance, so that queries find one. */
const subscriptionsMax = 400;
const retryAfterS = 5;

export function openWebContext(config: WebConfig, overrides: ProcessOverrides): WebContext {
  checkTimeZone(config.shop_time_zone);
  const context = openProcessContext('web', config, overrides);
  const order_streams = createOrderStreams(subscriptionsMax);
  context.stopping.addEventListener('abort', () => void order_streams.destroy());
  const subscriptions = createLimiter({
    running_max: subscriptionsMax,
    overloaded: () => refusal('overloaded', `At most ${subscriptionsMax} subscriptions are open.`, { retry_after_s: retryAfterS }),
  });
  return {
    ...context,
    directory: createInstanceDirectory(context),
    subscriptions,
    order_streams,
    faces: openFaces(config.faces_folder),
  };
}

/** Throws `config_invalid` at the start, not a fault at the first page that names a moment. */
function checkTimeZone(name: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
  } catch (error) {
    throw new AppError('config_invalid', `SHOP_TIME_ZONE: there is no time zone ${name}.`, {}, error);
  }
}
