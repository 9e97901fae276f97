import { metricsStories } from './stories/metrics.ts';

metricsStories('distributed');
