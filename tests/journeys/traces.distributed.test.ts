import { traceStories } from './stories/traces.ts';

traceStories('distributed');
