import { refusalScenarios } from './scenarios/refusals.ts';

refusalScenarios('embedded');
