import type { PlatformStatus } from '@souk/contracts';
import type { Tone } from './chip.tsx';

/** How the state of a service, or of all, is coloured. */
export const statusTones: Readonly<Record<PlatformStatus['status'], Tone>> = { healthy: 'ok', degraded: 'warn', unhealthy: 'bad' };
