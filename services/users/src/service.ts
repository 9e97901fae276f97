/** Everything the users service does. */
import { buildService, type Service } from '@souk/service-kit';
import type { UsersConfig } from './config.ts';
import { openUsersContext, type UsersContext, type UsersOverrides } from './context.ts';
import { addressRoutes } from './http/addresses.ts';
import { apiKeyHttpRoutes } from './http/api-keys.ts';
import { authRoutes } from './http/auth.ts';
import { guestRoutes } from './http/guests.ts';
import { receiptRoutes } from './http/receipts.ts';
import { secondFactorRoutes } from './http/second-factor.ts';
import { staffHttpRoutes } from './http/staff.ts';
import { userRoutes } from './http/users.ts';
import { answerResetRequestsJob } from './jobs/answer-reset-requests.ts';
import { eraseIdleGuestsJob } from './jobs/erase-idle-guests.ts';
import { forgetEndedJob } from './jobs/forget-ended.ts';
import { removeEndedKeysJob } from './jobs/remove-ended-keys.ts';
import { republishLinks, republishUsers } from './use-cases/republish-users.ts';
import { ensureSigningKey } from './use-cases/rotate-keys.ts';

export const usersMigrations = new URL('../migrations/', import.meta.url);

export function buildUsers(config: UsersConfig, overrides: UsersOverrides): Service<UsersContext> {
  return buildService<UsersContext>({
    context: openUsersContext(config, overrides),
    migrations: [usersMigrations],
    routes: [
      ...userRoutes,
      ...staffHttpRoutes,
      ...addressRoutes,
      ...authRoutes,
      ...guestRoutes,
      ...secondFactorRoutes,
      ...apiKeyHttpRoutes,
      ...receiptRoutes,
    ],
    consumers: [],
    jobs: [answerResetRequestsJob, forgetEndedJob, removeEndedKeysJob, eraseIdleGuestsJob],
    republish: [republishUsers, republishLinks],
    onStart: ensureSigningKey,
  });
}
