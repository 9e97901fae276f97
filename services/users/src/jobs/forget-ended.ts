import type { Job } from '@souk/service-kit';
import type { UsersContext } from '../context.ts';
import { forgetEnded } from '../use-cases/forget-ended.ts';

export const forgetEndedJob: Job<UsersContext> = { name: 'forget-ended', every_ms: 60_000, run: forgetEnded };
