import { refusalScenarios } from './scenarios/refusals.ts';

refusalScenarios('distributed');
