import { logScenarios } from './scenarios/logs.ts';

logScenarios('embedded');
