/** What was chosen in a field for date and time, for the wire; undefined where nothing was. Its zone is that of the browser. */
export function momentOf(typed: string): string | undefined {
  return typed === '' ? undefined : new Date(typed).toISOString();
}
