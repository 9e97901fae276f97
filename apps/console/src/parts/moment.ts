/** What was chosen in a field for date and time, for the wire; undefined where nothing was. Its zone is that of the browser. */
export function momentOf(typed: string): string | undefined {
  return typed === '' ? undefined : new Date(typed).toISOString();
}

/** A moment as such a field shows it: to the minute. */
export function typedMoment(at: string | null): string {
  if (at === null) return '';
  const moment = new Date(at);
  const two = (count: number): string => String(count).padStart(2, '0');
  const day = [String(moment.getFullYear()).padStart(4, '0'), two(moment.getMonth() + 1), two(moment.getDate())].join('-');
  return `${day}T${two(moment.getHours())}:${two(moment.getMinutes())}`;
}

/** The moment of a field that began with another: what was not touched stays as exact as it was. */
export function changedMoment(typed: string, before: string | null): string | null {
  return typed === typedMoment(before) ? before : (momentOf(typed) ?? null);
}
