/** How the console writes amounts, counts and moments: in one language and one time zone, everywhere. */
import { type CountryName, formatCount, formatCountry, formatMoney, listCountries } from '@souk/ui';

const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 86_400_000;
const msInS = 1_000;

export interface Formats {
  readonly time_zone: string;
  money(amount: number, currency: string): string;
  count(count: number): string;
  /** Name of a country by its code. */
  country(code: string): string;
  /** All countries, by their names. */
  countries(): readonly CountryName[];
  /** Date and time to the second. */
  moment(at: string | number): string;
  /** Only the time, to the second. */
  time(at: string | number): string;
  /** How long ago, such as `5 min ago`. */
  ago(at: string | number, now_ms: number): string;
  /** A length of time, such as `5.02 s`. */
  duration(length_ms: number): string;
}

/** Formats for a locale and a time zone. Throws a RangeError for what is neither. */
export function createFormats(locale: string, time_zone: string): Formats {
  const moment = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium', timeZone: time_zone });
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'medium', timeZone: time_zone });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
  return {
    time_zone,
    // The wire carries exact decimals, and their shortest text is exact too.
    money: (amount, currency) =>
      amount < 0 ? `−${formatMoney(locale, currency, String(-amount))}` : formatMoney(locale, currency, String(amount)),
    count: (count) => formatCount(locale, count),
    country: (code) => formatCountry(locale, code),
    countries: () => listCountries(locale),
    moment: (at) => moment.format(new Date(at)),
    time: (at) => time.format(new Date(at)),
    ago(at, now_ms) {
      const past_ms = Math.max(0, now_ms - new Date(at).getTime());
      if (past_ms < minuteMs) return relative.format(-Math.floor(past_ms / msInS), 'second');
      if (past_ms < hourMs) return relative.format(-Math.floor(past_ms / minuteMs), 'minute');
      if (past_ms < dayMs) return relative.format(-Math.floor(past_ms / hourMs), 'hour');
      return relative.format(-Math.floor(past_ms / dayMs), 'day');
    },
    duration(length_ms) {
      if (length_ms < msInS) return `${number.format(length_ms)} ms`;
      if (length_ms < minuteMs) return `${number.format(length_ms / msInS)} s`;
      if (length_ms < hourMs) return `${number.format(length_ms / minuteMs)} min`;
      return `${number.format(length_ms / hourMs)} h`;
    },
  };
}
