/** Moments as people of a place write them. */
import { kept } from './kept.ts';

const formatsMax = 500;
const formatOf = kept(
  formatsMax,
  (locale, timeZone = '') => new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone }),
);

/** Date and time of an RFC 3339 moment in a time zone, such as `30 November 2026 at 13:20`. Throws a RangeError for what is no moment. */
export function formatMoment(locale: string, time_zone: string, moment: string): string {
  return formatOf(locale, time_zone).format(new Date(moment));
}
