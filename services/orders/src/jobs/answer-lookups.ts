import type { Job } from '@souk/service-kit';
import type { OrdersContext } from '../context.ts';
import { answerLookups, lookupsJobName } from '../use-cases/look-up-orders.ts';

/** Woken by each request; the interval is for requests that a stopped process left behind. */
export const answerLookupsJob: Job<OrdersContext> = { name: lookupsJobName, every_ms: 10_000, run: answerLookups };
