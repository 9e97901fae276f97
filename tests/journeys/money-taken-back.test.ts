import { moneyTakenBackScenarios } from './scenarios/money-taken-back.ts';

moneyTakenBackScenarios('embedded');
