import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createLog } from './create-log.ts';

it('secrets and personal data are never written, even one level down', () => {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const log = createLog({ level: 'debug', format: 'json', destination });
  log.info(
    {
      password: 'p1',
      user: { email: 'e1', token: 't1' },
      headers: { authorization: 'a1' },
      shipping_address: { street: 's1' },
      user_id: 'u1',
    },
    'careless',
  );
  assert.doesNotMatch(lines.join(''), /p1|e1|t1|a1|s1/);
  assert.match(lines.join(''), /u1/);
});
