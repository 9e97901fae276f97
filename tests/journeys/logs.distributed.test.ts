import { logStories } from './stories/logs.ts';

logStories('distributed');
