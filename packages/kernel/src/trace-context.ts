/** W3C trace context in its one text form: `00-<trace id>-<span id>-<flags>`. */
import { randomHex } from '#crypto';

const pattern = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
const length = 55;
const idsBytes = 24;
const traceIdDigits = 32;

/** Whether the text is a trace context of the version that everybody speaks. */
export function isTraceparent(text: string): boolean {
  return text.length === length && pattern.test(text);
}

/** Whether the trace is recorded. Cheap for what is not sampled; anything malformed is not. */
export function isSampled(traceparent: string | undefined): traceparent is string {
  if (traceparent === undefined || traceparent.length !== length) return false;
  const last = traceparent.charCodeAt(length - 1);
  // The lowest bit of the last digit: odd for 1 to 9, even for the codes of b, d and f.
  const odd = last < 0x3a ? (last & 1) === 1 : (last & 1) === 0;
  return odd && pattern.test(traceparent);
}

/** The 32 hexadecimal digits by which a trace is found. */
export function traceIdOf(traceparent: string): string {
  return traceparent.slice(3, 35);
}

/** The 16 hexadecimal digits of the span in it. */
export function spanIdOf(traceparent: string): string {
  return traceparent.slice(36, 52);
}

/** The context of a trace that is only carried, never recorded. */
export function unsampledTraceparent(): string {
  const ids = randomHex(idsBytes);
  return `00-${ids.slice(0, traceIdDigits)}-${ids.slice(traceIdDigits)}-00`;
}
