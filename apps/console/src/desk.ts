/** What every part of the console works with, handed down once. */
import type { ReadonlySignal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Formats } from './formats.ts';
import type { Live } from './live/stream.ts';
import type { Ask } from './live/transport.ts';
import type { Router } from './router.ts';
import type { Session } from './session.ts';
import type { Words } from './words/words.ts';

export interface Desk {
  readonly shop_name: string;
  readonly ask: Ask;
  readonly router: Router;
  readonly session: Session;
  readonly live: Live;
  readonly formats: Formats;
  readonly words: Words;
  /** Milliseconds since the epoch. */
  now(): number;
  /** The same, renewed each second while the page is seen; for what says how long ago something was. */
  readonly clock: ReadonlySignal<number>;
  newKey(): string;
  wait(delay_ms: number): Promise<void>;
}

const DeskContext = createContext<Desk | undefined>(undefined);
export const DeskProvider = DeskContext.Provider;

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (desk === undefined) throw new Error('this part is drawn outside of the console');
  return desk;
}
