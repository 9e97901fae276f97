import { checkoutScenarios } from './scenarios/checkout.ts';

checkoutScenarios('distributed');
