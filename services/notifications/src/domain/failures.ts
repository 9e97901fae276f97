/** Why a message did not leave: a stable code, and a sentence for its recipient. What a server answered is for staff only. */
import { AppError } from '@souk/kernel';

export const failureSentences = {
  temporarily_unavailable: 'It could not be sent at that time.',
  address_refused: 'The address does not take mail.',
  link_expired: 'What it was to carry is not valid any more; ask for a new one.',
  recipient_limit: 'The address has got as many messages as it may in one day.',
  recipient_erased: 'The account was erased.',
} as const;

export type FailureCode = keyof typeof failureSentences;

/** The code of what a sender threw. */
export function failureCodeOf(error: unknown): FailureCode {
  if (!(error instanceof AppError)) return 'temporarily_unavailable';
  if (error.code === 'mail_refused') return 'address_refused';
  return error.code === 'secret_invalid' ? 'link_expired' : 'temporarily_unavailable';
}

/** The sentence for a code; a failure from before there were codes has the general one. */
export function failureSentence(code: FailureCode | null, detail: string | null): string | null {
  if (code !== null) return failureSentences[code];
  return detail === null ? null : failureSentences.temporarily_unavailable;
}
