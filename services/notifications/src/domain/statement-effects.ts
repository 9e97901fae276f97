/**
 * What `insertNotifications` does, as a function: the unique key of event, channel and recipient decides between processes.
 * This is for the exploration of the checkout (docs/proof.md), and test/statement-effects.test.ts holds it equal to the
 * statement.
 */
interface Message {
  event_id: string;
  channel: string;
  recipient: string;
}

/** The rows that are new. */
export function insertedMessages<Row extends Message>(existing: readonly Message[], rows: readonly Row[]): Row[] {
  const keyOf = ({ event_id, channel, recipient }: Message): string => `${event_id} ${channel} ${recipient}`;
  const taken = new Set(existing.map(keyOf));
  return rows.filter((row) => {
    if (taken.has(keyOf(row))) return false;
    taken.add(keyOf(row));
    return true;
  });
}
