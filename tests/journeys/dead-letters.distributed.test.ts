import { deadLetterStories } from './stories/dead-letters.ts';

deadLetterStories('distributed');
