import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { refusal } from '@souk/contracts';
import { AppError } from '@souk/kernel';
import { formFaults, missingFaults } from './form-faults.ts';

const shown = ['username', 'email', 'password'];

describe('the refusal of a service', () => {
  for (const [what, error, expected] of [
    [
      'of a member is said at its field',
      refusal('validation_failed', 'x', { errors: [{ pointer: '/email', detail: 'x' }] }),
      { email: 'invalid' },
    ],
    [
      'of a member that is not shown is said of the form',
      refusal('validation_failed', 'x', { errors: [{ pointer: '/role', detail: 'x' }] }),
      { form: 'invalid' },
    ],
    ['without members is said of the form', refusal('validation_failed'), { form: 'invalid' }],
    ['of a taken name is said at its field', refusal('username_taken'), { username: 'username_taken' }],
    ['of a field that is not shown is said of the form', refusal('password_wrong'), { form: 'password_wrong' }],
    ['of credentials is said of the form', refusal('login_failed'), { form: 'login_failed' }],
    ['that will pass is said of the form', refusal('service_unavailable'), { form: 'away' }],
    ['of a session that has ended is none of the form', refusal('token_invalid'), undefined],
    ['by a fault is none of the form', new AppError('never_declared', 'x'), undefined],
    ['that is no refusal is none of the form', new TypeError('x'), undefined],
  ] as const)
    it(what, () => assert.deepEqual(formFaults(error, shown), expected));

  it('is not needed to see what was left empty', () =>
    assert.deepEqual(missingFaults({ username: 'nora', email: undefined }), { email: 'missing' }));
});
