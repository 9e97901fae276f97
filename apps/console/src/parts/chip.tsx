/** A state as a dot and a word: never by colour alone. */
import type { ComponentChildren, FunctionComponent } from 'preact';

export type Tone = 'ok' | 'warn' | 'bad' | 'info' | 'none';

export const Chip: FunctionComponent<{ tone: Tone; children: ComponentChildren }> = ({ tone, children }) => (
  <span class={`state ${tone}`}>{children}</span>
);
