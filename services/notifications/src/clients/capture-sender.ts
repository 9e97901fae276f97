import type { Sender } from '../domain/required-interfaces.ts';

/** Where there is no mail server: messages are complete once they stand in the history, where they can be read. */
export function createCaptureSender(): Sender {
  return { send: async () => undefined, captures: true, close: () => undefined };
}
