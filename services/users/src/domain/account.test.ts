import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type Account,
  type AccountRole,
  checkMayChange,
  checkMaySee,
  claimAccount,
  confirmEmail,
  eraseAccount,
  giveRole,
  reviseAccount,
} from './account.ts';

const now = '2026-01-02T00:00:00.000Z';

function anAccount(fields: Partial<Account> = {}): Account {
  return {
    id: '0190aaaa-0000-7000-8000-000000000001',
    username: 'nora',
    email: 'nora@mail.example',
    full_name: 'Nora Novak',
    phone: null,
    role: 'customer',
    kind: 'registered',
    email_verified: true,
    password_hash: 'hash',
    version: 3,
    erased_at: null,
    created_at: '2026-01-01T00:00:00.000Z',
    updated_at: '2026-01-01T00:00:00.000Z',
    ...fields,
  };
}

it('the account of a guest gets no role, and is claimed with a name, a password and a confirmed address', () => {
  const guest = anAccount({ kind: 'guest', email_verified: false, password_hash: '!' });
  assert.equal(
    codeOf(() => giveRole(guest, 'staff', 1, '2026-02-01T00:00:00.000Z')),
    'account_is_guest',
  );
  const claimed = claimAccount(guest, { username: 'nora.n', password_hash: 'new' }, '2026-02-01T00:00:00.000Z');
  const { kind, username, password_hash, email_verified, version, id } = claimed;
  assert.deepEqual([kind, username, password_hash, email_verified, version, id], ['registered', 'nora.n', 'new', true, 4, guest.id]);
});

const outcomes: readonly (readonly [AccountRole, AccountRole, string | undefined, string | undefined])[] = [
  ['customer', 'customer', 'not_found', 'not_found'],
  ['customer', 'admin', 'not_found', 'not_found'],
  ['staff', 'customer', undefined, undefined],
  ['staff', 'staff', undefined, 'forbidden'],
  ['staff', 'admin', undefined, 'forbidden'],
  ['admin', 'staff', undefined, undefined],
  ['admin', 'admin', undefined, undefined],
];

function codeOf(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('an account', () => {
  for (const [role, owner, seeing, changing] of outcomes) {
    it(`of ${owner} role: another person who is ${role} is answered ${seeing ?? 'it'} when reading, ${changing ?? 'it'} when changing`, () => {
      const actor = { user_id: 'somebody else', role };
      assert.equal(
        codeOf(() => checkMaySee(actor, anAccount({ role: owner }))),
        seeing,
      );
      assert.equal(
        codeOf(() => checkMayChange(actor, anAccount({ role: owner }))),
        changing,
      );
      assert.equal(
        codeOf(() => checkMayChange({ user_id: anAccount().id, role: owner }, anAccount({ role: owner }))),
        undefined,
      );
    });
  }

  it('that is given what it has already does not change', () => {
    const account = anAccount();
    const { account: same, changed } = reviseAccount(account, { username: 'nora', phone: undefined, full_name: 'Nora Novak' }, now);
    assert.equal(same, account);
    assert.deepEqual(changed, []);
    assert.equal(confirmEmail(account, now), account);
    assert.equal(giveRole(account, 'customer', 0, now), account);
  });

  it('with another mailbox must be verified again; another spelling of the address is the same mailbox', () => {
    assert.deepEqual(reviseAccount(anAccount(), { email: 'n@mail.example' }, now).account.email_verified, false);
    const respelt = reviseAccount(anAccount(), { email: 'Nora@Mail.example' }, now);
    assert.deepEqual([respelt.account.email_verified, respelt.mailboxChanged, respelt.account.version], [true, false, 4]);
  });

  it('that is erased keeps only its id, and the last administrator is neither erased nor dismissed', () => {
    const erased = eraseAccount(anAccount({ phone: '+41441234567', role: 'staff' }), 1, now);
    assert.ok(!/nora/i.test(JSON.stringify(erased)));
    assert.deepEqual([erased.phone, erased.role, erased.password_hash, erased.erased_at, erased.version], [null, 'customer', '!', now, 4]);
    const admin = anAccount({ role: 'admin' });
    assert.equal(
      codeOf(() => eraseAccount(admin, 1, now)),
      'last_admin',
    );
    assert.equal(
      codeOf(() => giveRole(admin, 'staff', 1, now)),
      'last_admin',
    );
    assert.equal(giveRole(admin, 'staff', 2, now).role, 'staff');
  });
});
