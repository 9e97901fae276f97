import { outageScenarios } from './scenarios/outages.ts';

outageScenarios('distributed');
