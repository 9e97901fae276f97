import { outageStories } from './stories/outages.ts';

outageStories('distributed');
