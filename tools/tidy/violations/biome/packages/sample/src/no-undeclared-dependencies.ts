import { createCache } from '@souk/cache';

export const cache = createCache;
