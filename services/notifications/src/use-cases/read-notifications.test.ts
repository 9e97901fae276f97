import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Notification } from '@souk/contracts';
import { callerOf } from '@souk/service-kit';
import { asSeenBy } from './read-notifications.ts';

const recipient = '01900000-0000-7000-8000-000000000001';
const anotherUser = '01900000-0000-7000-8000-000000000002';
const mail = { user_id: recipient, body: 'Set a new password:\n\nhttp://shop.example/password-reset?token=01a2.s3cret-_x\n\nYour shop' };

test('the secret of a link is shown to its recipient and to administrators, not to staff', () => {
  const seen = (user_id: string, role: 'customer' | 'staff' | 'admin') => asSeenBy(callerOf(user_id, role), mail as Notification).body;
  assert.equal(seen(recipient, 'customer'), mail.body);
  assert.equal(seen(recipient, 'staff'), mail.body);
  assert.equal(seen(anotherUser, 'admin'), mail.body);
  assert.equal(seen(anotherUser, 'staff'), 'Set a new password:\n\nhttp://shop.example/password-reset?token=…\n\nYour shop');
});

test('so is one that stands alone where there is no page for a link; the words around it stay', () => {
  const body = 'Hello,\n\nwith this code you can set a new password:\n\n01a2b3c4.s3cret-_x-s3cret\n\nSouk';
  const seen = asSeenBy(callerOf(anotherUser, 'staff'), { ...mail, body } as Notification).body;
  assert.equal(seen, 'Hello,\n\nwith this code you can set a new password:\n\n…\n\nSouk');
  assert.equal(asSeenBy(callerOf(recipient, 'customer'), { ...mail, body } as Notification).body, body);
});
