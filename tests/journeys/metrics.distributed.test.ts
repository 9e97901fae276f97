import { metricsScenarios } from './scenarios/metrics.ts';

metricsScenarios('distributed');
