/** Every alert has a fault that makes it fire, and every step that ends one stands in the runbook as it was done. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { alerts } from './_committed.ts';
import type { Fault } from './_fault.ts';
import { faultRounds } from './_faults.ts';
import { processFaults } from './_process-faults.ts';
import { inOneLine, readRunbooks } from './_runbooks.ts';
import { databaseFaults, serverFaults } from './_server-faults.ts';
import { absentCollector, everythingStopped } from './_work-faults.ts';

const noPort = 0;
const faults: readonly Pick<Fault, 'what' | 'alerts'>[] = [
  ...faultRounds.flat(),
  absentCollector(noPort).fault,
  everythingStopped,
  ...serverFaults,
  ...databaseFaults,
  ...processFaults,
];

describe('faults, alerts and runbooks', () => {
  it('have a fault for each alert', async () => {
    const fired = new Set(faults.flatMap((fault) => fault.alerts.map(({ alert }) => alert)));
    assert.deepEqual([...fired].sort(), (await alerts()).map(({ alert }) => alert).sort());
  });

  it('take steps that stand in the runbooks, word for word', async () => {
    const runbooks = new Map((await readRunbooks()).map(({ file, steps }) => [file, steps]));
    const files = new Map((await alerts()).map(({ alert, annotations }) => [alert, annotations.runbook_url.split('/').at(-1) ?? '']));
    for (const { what, alerts: named } of faults)
      for (const { alert, step } of named) {
        const steps = runbooks.get(files.get(alert) ?? '') ?? '';
        assert.ok(steps.includes(inOneLine(step)), `${what}: the runbook of ${alert} does not say: ${step}`);
      }
  });
});
