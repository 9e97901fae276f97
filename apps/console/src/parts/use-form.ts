/** The fields of a form while they are typed, and what is wrong with them. */
import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { useDesk } from '../desk.ts';
import type { Fault } from '../live/faults.ts';
import { readTyped, type TypedReader } from '../live/typed.ts';

export interface Form<Name extends string> {
  readonly typed: Readonly<Record<Name, Signal<string>>>;
  readonly faults: ReadonlySignal<readonly Fault[]>;
  /** The body to be sent; undefined where something is wrong, which the fields say then. */
  read<Body>(reader: (form: TypedReader<Name>) => Body): Body | undefined;
}

/** Begins with these texts. */
export function useForm<Name extends string>(initial: Readonly<Record<Name, string>>): Form<Name> {
  const { words } = useDesk();
  return useMemo(() => {
    const entries = Object.entries<string>(initial);
    const typed = Object.fromEntries(entries.map(([name, text]) => [name, signal(text)])) as Record<Name, Signal<string>>;
    const faults = signal<readonly Fault[]>([]);
    return {
      typed,
      faults,
      read(reader) {
        const texts = Object.fromEntries(Object.entries<Signal<string>>(typed).map(([name, { value }]) => [name, value]));
        const form = readTyped(texts as Record<Name, string>, reader);
        faults.value = form.faults.map(({ pointer, code }) => ({ pointer, detail: words.faults[code] }));
        return form.faults.length === 0 ? form.body : undefined;
      },
    };
  }, []);
}
