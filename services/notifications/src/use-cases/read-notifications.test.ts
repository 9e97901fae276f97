import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Notification } from '@souk/contracts';
import { callerOf } from '@souk/service-kit';
import { asSeenBy } from './read-notifications.ts';

const recipient = '01900000-0000-7000-8000-000000000001';
const somebody = '01900000-0000-7000-8000-000000000002';
const mail = { user_id: recipient, body: 'Set a new password:\n\nhttp://shop.example/password-reset?token=01a2.s3cret-_x\n\nYour shop' };

test('the secret of a link is shown to its recipient and to administrators, not to staff', () => {
  const seen = (user_id: string, role: 'customer' | 'staff' | 'admin') => asSeenBy(callerOf(user_id, role), mail as Notification).body;
  assert.equal(seen(recipient, 'customer'), mail.body);
  assert.equal(seen(recipient, 'staff'), mail.body);
  assert.equal(seen(somebody, 'admin'), mail.body);
  assert.equal(seen(somebody, 'staff'), 'Set a new password:\n\nhttp://shop.example/password-reset?token=…\n\nYour shop');
});
