import { runMain } from '@souk/service-kit';
import { loadOperationsConfig } from './config.ts';
import { buildOperations } from './service.ts';

// It shares nothing with other processes: what it knows it asks them.
const openParts = async () => ({ overrides: {}, close: () => undefined });

await runMain({ load: loadOperationsConfig, openParts, build: buildOperations });
