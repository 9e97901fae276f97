/** Parts of an answer that a client asks for with `Range` (RFC 9110, section 14). */
import { refusal } from '@souk/contracts';

export interface ByteRange {
  first: number;
  /** The last byte that belongs to it. */
  last: number;
}

export interface RangeRequest {
  range: string | undefined;
  if_range: string | undefined;
}

/** One range; a list of them matches nothing, and the whole is what a server may answer to it. */
const oneRange = /^bytes=\s*(?:(\d{1,15})-(\d{1,15})?|-(\d{1,15}))\s*$/i;

/**
 * The part of `length` bytes that is asked for; undefined for the whole: no range, several, one in another unit or badly written, or of
 * a state that `If-Range` says the client has not. Throws `range_not_satisfiable` for one behind the end.
 */
export function byteRangeOf({ range, if_range }: RangeRequest, length: number, tag: string): ByteRange | undefined {
  const [, from, to, suffix] = oneRange.exec(range ?? '') ?? [];
  // Compared strongly; a date says nothing here, where answers have tags.
  if ((from ?? suffix) === undefined || (if_range !== undefined && if_range !== tag)) return undefined;
  if (from !== undefined && to !== undefined && Number(to) < Number(from)) return undefined;
  const first = from === undefined ? Math.max(0, length - Number(suffix)) : Number(from);
  if (first >= length) throw refusal('range_not_satisfiable', `There are ${length} bytes.`, { length });
  return { first, last: from === undefined || to === undefined ? length - 1 : Math.min(Number(to), length - 1) };
}
