import { metricsStories } from './stories/metrics.ts';

metricsStories('embedded');
