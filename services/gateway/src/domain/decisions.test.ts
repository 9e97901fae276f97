import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { registeredServices, type StatusWord } from '@souk/contracts';
import { overallStatus } from './overall-health.ts';

describe('health', () => {
  const all = (status: StatusWord, changes: Record<string, StatusWord> = {}) =>
    Object.fromEntries(registeredServices.map((name) => [name, { status: changes[name] ?? status }]));
  const cases: readonly (readonly [string, StatusWord, ReturnType<typeof all>, StatusWord])[] = [
    ['all well', 'healthy', all('healthy'), 'healthy'],
    ['one service away', 'healthy', all('healthy', { payments: 'unhealthy' }), 'degraded'],
    ['operations away', 'healthy', all('healthy', { operations: 'unhealthy' }), 'degraded'],
    ['the gateway degraded', 'degraded', all('healthy'), 'degraded'],
    ['web away', 'healthy', all('healthy', { web: 'unhealthy' }), 'degraded'],
    ['nothing but operations there', 'healthy', all('unhealthy', { operations: 'healthy' }), 'unhealthy'],
    ['the gateway unhealthy', 'unhealthy', all('healthy'), 'unhealthy'],
    ['nothing known', 'healthy', {}, 'unhealthy'],
  ];
  for (const [what, gateway, services, status] of cases)
    it(`of the whole with ${what} is ${status}`, () => assert.equal(overallStatus(gateway, services), status));
});
