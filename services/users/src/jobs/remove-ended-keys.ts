import type { Job } from '@souk/service-kit';
import type { UsersContext } from '../context.ts';
import { removeEndedKeys } from '../use-cases/rotate-keys.ts';

export const removeEndedKeysJob: Job<UsersContext> = { name: 'remove-ended-keys', every_ms: 60_000, run: removeEndedKeys };
