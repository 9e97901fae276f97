import { defineEvent } from '../define-event.ts';
import { UserId, Version } from '../fields.ts';

export const userDeleted = defineEvent({
  event_type: 'user.deleted',
  version: '1.0',
  owner: 'users',
  meaning: 'An account was erased; every service that keeps personal data of it erases that too.',
  ordering: 'user_id + user_version',
  payload: {
    user_id: UserId,
    user_version: Version,
  },
});
