import { checkoutStories } from './stories/checkout.ts';

checkoutStories('embedded');
