import type { Job } from '@souk/service-kit';
import type { UsersContext } from '../context.ts';
import { eraseIdleGuests } from '../use-cases/erase-idle-guests.ts';

export const eraseIdleGuestsJob: Job<UsersContext> = { name: 'erase-idle-guests', every_ms: 3_600_000, run: eraseIdleGuests };
