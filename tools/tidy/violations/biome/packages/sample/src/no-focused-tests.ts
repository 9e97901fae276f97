import { describe } from 'node:test';

describe.only('an order', () => {});
