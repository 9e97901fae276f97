import { logStories } from './stories/logs.ts';

logStories('embedded');
