import type { Job } from '@souk/service-kit';
import type { UsersContext } from '../context.ts';
import { answerResetRequests, resetRequestsJobName } from '../use-cases/request-password-reset.ts';

/** Woken by each request; the interval is for requests that a stopped process left behind. */
export const answerResetRequestsJob: Job<UsersContext> = { name: resetRequestsJobName, every_ms: 10_000, run: answerResetRequests };
