import { runMain } from '@souk/service-kit';
import { loadWebConfig } from './config.ts';
import { buildWeb } from './service.ts';

// It shares nothing with other processes.
const openParts = async () => ({ overrides: {}, close: () => undefined });

await runMain({ load: loadWebConfig, openParts, build: buildWeb });
