/** Reads a form as it was typed. What is wrong is gathered, so that each field can say its own. */
import { decimalOf, decimalText } from '../decimal.ts';

export type FaultCode = 'missing' | 'no_number' | 'not_whole' | 'no_steps';

export interface Step {
  readonly from: number;
  readonly amount: number;
}

export interface TypedFault {
  readonly pointer: string;
  readonly code: FaultCode;
}

export interface TypedReader<Name extends string> {
  /** What was typed, without blanks at its ends. */
  text(name: Name): string;
  /** Null where nothing was typed. */
  textOrNull(name: Name): string | null;
  decimal(name: Name): number;
  decimalOrNull(name: Name): number | null;
  whole(name: Name): number;
  wholeOrNull(name: Name): number | null;
  /** What stands on lines of its own, or between commas. */
  list(name: Name): string[];
  /** Codes in capital letters, between which stand blanks, commas or line ends. */
  codes(name: Name): string[];
  /** A line for each: where it begins, and the price from there on. */
  steps(name: Name): Step[];
}

export type ReadForm<Body> = { readonly body: Body; readonly faults: readonly TypedFault[] };

const wholeNumber = /^\d{1,9}$/;

/** Where there are faults, members of the body stand for what could not be read, and it is not to be sent. */
export function readTyped<Name extends string, Body>(
  texts: Readonly<Record<Name, string>>,
  read: (reader: TypedReader<Name>) => Body,
): ReadForm<Body> {
  const faults: TypedFault[] = [];
  const refuse = (name: Name, code: FaultCode): void => {
    faults.push({ pointer: `/${name}`, code });
  };
  const given = (name: Name): string => texts[name].trim();
  const text = (name: Name): string => {
    if (given(name) === '') refuse(name, 'missing');
    return given(name);
  };
  const decimal = (name: Name): number => {
    const typed = text(name);
    const read_number = numberIn(typed);
    if (typed !== '' && read_number === undefined) refuse(name, 'no_number');
    return read_number ?? 0;
  };
  const whole = (name: Name): number => {
    const typed = text(name);
    if (typed !== '' && !wholeNumber.test(typed)) refuse(name, 'not_whole');
    return wholeNumber.test(typed) ? Number(typed) : 0;
  };
  const reader: TypedReader<Name> = {
    text,
    textOrNull: (name) => (given(name) === '' ? null : given(name)),
    decimal,
    decimalOrNull: (name) => (given(name) === '' ? null : decimal(name)),
    whole,
    wholeOrNull: (name) => (given(name) === '' ? null : whole(name)),
    list: (name) =>
      given(name)
        .split(/[\n,]/)
        .map((entry) => entry.trim())
        .filter((entry) => entry !== ''),
    codes: (name) =>
      given(name)
        .toUpperCase()
        .split(/[\s,;]+/)
        .filter((code) => code !== ''),
    steps(name) {
      const lines = text(name)
        .split('\n')
        .filter((line) => line.trim() !== '');
      const read_steps = lines.map(stepIn);
      if (read_steps.includes(undefined)) refuse(name, 'no_steps');
      return read_steps.filter((step) => step !== undefined);
    },
  };
  return { body: read(reader), faults };
}

/** The number that is sent for what was typed; undefined for what is none. */
function numberIn(text: string): number | undefined {
  const millionths = decimalOf(text);
  return millionths === undefined ? undefined : Number(decimalText(millionths));
}

function stepIn(line: string): Step | undefined {
  const [from, amount, ...more] = line
    .trim()
    .split(/\s+/)
    .map((part) => numberIn(part));
  return from === undefined || amount === undefined || more.length > 0 ? undefined : { from, amount };
}
