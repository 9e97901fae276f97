import { userMessageRequested } from '@souk/contracts';
import { emailKey, timestamp } from '@souk/kernel';
import { type Cause, draft } from '@souk/messaging';
import type { Tx } from '@souk/postgres';
import type { UsersContext } from '../context.ts';
import type { Account } from '../domain/account.ts';
import { messageLimited } from '../events.ts';
import { countMessage } from '../store/message-counts.ts';
import { insertMessageToken, type MessagePurpose } from '../store/message-tokens.ts';

const windowMs = 86_400_000;

/**
 * Makes a link and has it sent, unless enough good ones are on their way already, or the address or the account had its share of
 * messages within a day: naming a stranger's address, however often and with however many accounts, sends a few mails.
 * Each purpose counts for itself, so that no account's link for a new password is used up by others who verify that address.
 */
export async function requestMessage(
  ctx: UsersContext,
  tx: Tx,
  { id: user_id, email }: Pick<Account, 'id' | 'email'>,
  purpose: MessagePurpose,
  cause: Cause,
): Promise<void> {
  const now_ms = ctx.clock.now();
  const { verify_email_ms, password_reset_ms, message_tokens_max } = ctx.config;
  const expires_at = timestamp(now_ms + (purpose === 'verify_email' ? verify_email_ms : password_reset_ms));
  const token = { token_id: ctx.ids.uuid(), user_id, purpose, created_at: timestamp(now_ms), expires_at };
  if (!(await hasShare(ctx, tx, { user_id, email, purpose }))) return;
  if (!(await insertMessageToken(tx, token, message_tokens_max))) return;
  await ctx.outbox.append(tx, [draft(userMessageRequested, { user_id, purpose, token_id: token.token_id }, cause)]);
}

/** The account is counted before the recipient, for everybody: two who count the same wait for each other in one order. */
async function hasShare(
  ctx: UsersContext,
  tx: Tx,
  { user_id, email, purpose }: { user_id: string; email: string; purpose: MessagePurpose },
): Promise<boolean> {
  const now_ms = ctx.clock.now();
  const window = { now: timestamp(now_ms), ends_at: timestamp(now_ms + windowMs) };
  const { account_messages_max, recipient_messages_max } = ctx.config;
  for (const [scope, whom, most] of [
    ['account', user_id, account_messages_max],
    ['recipient', emailKey(email), recipient_messages_max],
  ] as const) {
    const subject = ctx.digests.sign(`message ${scope}`, `${purpose}:${whom}`);
    if (await countMessage(tx, { scope, subject, most, ...window })) continue;
    tx.onCommit(() => messageLimited(ctx, scope, user_id));
    return false;
  }
  return true;
}
