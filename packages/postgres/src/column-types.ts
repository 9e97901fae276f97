/**
 * How columns become values: int8 a number (an unsafe one throws), numeric, date and timestamp their text,
 * timestamptz `YYYY-MM-DDTHH:MM:SS.mmmZ`, json and jsonb parsed; everything else as the driver does it.
 */
import pg from 'pg';

const oid = {
  int8: 20,
  int8_array: 1016,
  numeric_array: 1231,
  date: 1082,
  date_array: 1182,
  timestamp: 1114,
  timestamptz: 1184,
  timestamptz_array: 1185,
} as const;

type Parser = (text: string) => unknown;

/** An int8 as a number; throws a RangeError where a number could not hold it exactly. */
function parseInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`int8 ${text} does not fit a number exactly`);
  return value;
}

/** The session speaks UTC, so the text is always `YYYY-MM-DD HH:MM:SS[.ffffff]+00`; microseconds are cut, infinities stay. */
function parseTimestamptz(text: string): string {
  if (!text.endsWith('+00') || text.length < 22) return text;
  const milliseconds = text[19] === '.' ? text.slice(20, -3).slice(0, 3).padEnd(3, '0') : '000';
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${milliseconds}Z`;
}

const asText: Parser = (text) => text;

/** The driver's reader of text[]. */
const textArray = pg.types.getTypeParser(1009 as 25) as (text: string) => (string | null)[];

function arrayOf(parse: Parser): Parser {
  return (text) => textArray(text).map((item) => (item === null ? null : parse(item)));
}

const parsers = new Map<number, Parser>([
  [oid.int8, parseInt8],
  [oid.int8_array, arrayOf(parseInt8)],
  [oid.numeric_array, textArray],
  [oid.date, asText],
  [oid.date_array, textArray],
  [oid.timestamp, asText],
  [oid.timestamptz, parseTimestamptz],
  [oid.timestamptz_array, arrayOf(parseTimestamptz)],
]);

export const columnTypes: pg.CustomTypesConfig = {
  getTypeParser: ((id: number, format?: 'text' | 'binary') =>
    (format === 'binary' ? undefined : parsers.get(id)) ?? pg.types.getTypeParser(id, format as 'text')) as typeof pg.types.getTypeParser,
};
