/** Who is meant: by what is typed, and by the actor of a record. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { actorNamed, signed } from '../src/screens/activity/action-texts.ts';
import { accountNamed } from '../src/screens/staff/account-named.ts';

describe('the account that is given a role', () => {
  const account = (username: string, kind: 'registered' | 'guest' = 'registered') => ({
    username,
    email: `${username}@mail.example`,
    kind,
  });

  it('is named by its whole user name or address, and is no guest', () => {
    const found = [account('nora-2'), account('nora'), account('nils', 'guest')];
    assert.equal(accountNamed(found, 'Nora'), found[1]);
    assert.equal(accountNamed(found, 'nora-2@mail.example'), found[0]);
    for (const login of ['nor', 'nils', 'nils@mail.example', '']) assert.equal(accountNamed(found, login), undefined, login);
  });
});

describe('the actor of a record', () => {
  const [person, key] = ['01990000-0000-7000-8000-000000000001', '01990000-0000-7000-8000-000000000002'];

  it('is an account, by a key or without one', () => {
    assert.deepEqual(actorNamed(`staff:${person}`), { user_id: person, key_id: undefined });
    assert.deepEqual(actorNamed(`staff:${person}/key:${key}`), { user_id: person, key_id: key });
    assert.equal(actorNamed('system'), undefined);
  });

  it('has changed a count by so much', () => {
    assert.deepEqual([5, -3, 0].map(signed), ['+5', '−3', '0']);
  });
});
