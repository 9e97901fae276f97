import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createLog } from './create-log.ts';

function aLog(): { lines: string[]; log: ReturnType<typeof createLog> } {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line.trimEnd()) };
  return {
    lines,
    log: createLog({ level: 'debug', format: 'json', destination, fields: { service: 'gateway', instance_id: 'gateway-1' } }),
  };
}
const membersOf = (line: string | undefined): string[] =>
  (line ?? '')
    .slice(1, -1)
    .replace(/"time":"[^"]+",?/, '')
    .split(',')
    .sort();

describe('a log line', () => {
  it('holds what it is about beside who wrote it, each under a key of its own', () => {
    const { lines, log } = aLog();
    for (const level of ['debug', 'info', 'warn', 'error'] as const) log[level]({ instance_id: 'orders-1', service: 'gateway' }, 'seen');
    for (const [index, level] of ['debug', 'info', 'warn', 'error'].entries())
      assert.deepEqual(membersOf(lines[index]), [
        '"about_instance_id":"orders-1"',
        '"instance_id":"gateway-1"',
        `"level":"${level}"`,
        '"msg":"seen"',
        '"service":"gateway"',
      ]);
  });

  it('holds the fields of a child once, also of a child of a child, and never the logger\u2019s own twice', () => {
    const { lines, log } = aLog();
    const child = log.child({ queue: 'a' }).child({ queue: 'b', instance_id: 'gateway-1' });
    child.info({ queue: 'c', about_queue: 'd', level: 'loud', msg: 'x', time: 1 }, 'seen');
    const keys = [...(lines[0] ?? '').matchAll(/"(\w+)":/g)].map((match) => match[1] ?? '');
    assert.equal(new Set(keys).size, keys.length, lines[0] ?? '');
    const parsed = JSON.parse(lines[0] ?? '') as Record<string, unknown>;
    assert.deepEqual([parsed['queue'], parsed['level'], parsed['msg'], parsed['about_level']], ['a', 'info', 'seen', 'loud']);
  });
});
