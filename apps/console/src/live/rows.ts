/** Rows of a list that is shown, brought up to date without moving any. */

export interface Row {
  readonly id: string;
  readonly version: number;
}

/** The rows in their order, each replaced by a newer version of itself. An older one changes nothing; others are left out. */
export function withNewer<Shown extends Row>(rows: readonly Shown[], read: readonly Shown[]): Shown[] {
  const found = new Map(read.map((row) => [row.id, row]));
  return rows.map((row) => {
    const other = found.get(row.id);
    return other !== undefined && other.version > row.version ? other : row;
  });
}
