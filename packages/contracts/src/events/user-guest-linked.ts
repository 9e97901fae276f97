import { defineEvent } from '../define-event.ts';
import { UserId } from '../fields.ts';

export const userGuestLinked = defineEvent({
  event_type: 'user.guest_linked',
  version: '1.0',
  owner: 'users',
  meaning: 'A person with a confirmed address has taken a guest with the same address as the same person; for good.',
  ordering: 'guest_user_id',
  payload: { user_id: UserId, guest_user_id: UserId },
});
