import { describe } from 'node:test';

describe.skip('an order', () => {});
