import { outageScenarios } from './scenarios/outages.ts';

outageScenarios('embedded');
