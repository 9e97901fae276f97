import { refusal } from '@souk/contracts';
import type { UsersContext } from '../context.ts';
import { type KnownOfPerson, type PasswordFault, passwordFault } from '../domain/password-rules.ts';

const sentences: Readonly<Record<PasswordFault, string>> = {
  common: 'is one of the most common passwords',
  predictable: 'is a sequence or a repetition',
  close_to_person: 'is too close to the name or the address of the account',
};

/** Refuses a new password that is easy to guess with `password_weak`. */
export async function checkNewPassword(ctx: UsersContext, password: string, person: KnownOfPerson): Promise<void> {
  const fault = await faultOf(ctx, password, person);
  if (fault === undefined) return;
  const detail = sentences[fault];
  throw refusal('password_weak', `The password ${detail}.`, { errors: [{ pointer: '/password', detail }] });
}

/** Whether `checkNewPassword` would refuse it. */
export async function isWeakPassword(ctx: UsersContext, password: string, person: KnownOfPerson): Promise<boolean> {
  return (await faultOf(ctx, password, person)) !== undefined;
}

async function faultOf(ctx: UsersContext, password: string, person: KnownOfPerson): Promise<PasswordFault | undefined> {
  const common = await ctx.common_passwords.load();
  return passwordFault(password, person, (word) => common.has(word));
}
