import { metricsScenarios } from './scenarios/metrics.ts';

metricsScenarios('embedded');
