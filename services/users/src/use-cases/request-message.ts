import { userMessageRequested } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import { type Cause, draft } from '@souk/messaging';
import type { Tx } from '@souk/postgres';
import type { UsersContext } from '../context.ts';
import { insertMessageToken, type MessagePurpose } from '../store/message-tokens.ts';

/** Makes a link and has it sent, unless enough good ones are on their way already. */
export async function requestMessage(ctx: UsersContext, tx: Tx, user_id: string, purpose: MessagePurpose, cause: Cause): Promise<void> {
  const now_ms = ctx.clock.now();
  const { verify_email_ms, password_reset_ms, message_tokens_max } = ctx.config;
  const expires_at = timestamp(now_ms + (purpose === 'verify_email' ? verify_email_ms : password_reset_ms));
  const token = { token_id: ctx.ids.uuid(), user_id, purpose, created_at: timestamp(now_ms), expires_at };
  if (!(await insertMessageToken(tx, token, message_tokens_max))) return;
  await ctx.outbox.append(tx, [draft(userMessageRequested, { user_id, purpose, token_id: token.token_id }, cause)]);
}
