import { refusalStories } from './stories/refusals.ts';

refusalStories('distributed');
