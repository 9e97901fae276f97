/** Orders of a span of time, found by their ids: an index over the time itself would be written with each change of an order. */

export interface PlacedWithin {
  /** Exact, as asked. */
  from: string | undefined;
  to: string | undefined;
  /** Ids outside of these bounds are of other times. */
  first_id: string | undefined;
  end_id: string | undefined;
}

/** How far the time in an id may lie from that of its order: clocks of replicas differ, and are set. */
const differenceMaxMs = 3_600_000;

/** The bounds of what was placed from one instant on and before another. */
export function placedWithin(from: string | undefined, to: string | undefined): PlacedWithin {
  return {
    from,
    to,
    first_id: from === undefined ? undefined : lowestId(Date.parse(from) - differenceMaxMs),
    end_id: to === undefined ? undefined : lowestId(Date.parse(to) + differenceMaxMs),
  };
}

/** The UUID before all that begin with this time; the last year that can be written, 9999, has 48 bits. */
function lowestId(at_ms: number): string {
  const digits = Math.max(at_ms, 0).toString(16).padStart(12, '0');
  return `${digits.slice(0, 8)}-${digits.slice(8)}-0000-0000-000000000000`;
}
