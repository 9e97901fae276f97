import { deadLetterScenarios } from './scenarios/dead-letters.ts';

deadLetterScenarios('distributed');
