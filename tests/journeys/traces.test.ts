import { traceScenarios } from './scenarios/traces.ts';

traceScenarios('embedded');
