import { traceStories } from './stories/traces.ts';

traceStories('embedded');
