/** Each member of a log line once: strict readers of JSON refuse a line that holds a key twice, and others choose one of its values. */
import type { Log } from '@souk/kernel';

type Fields = Readonly<Record<string, unknown>>;

/** Written by the logger itself into every line. */
const ownMembers: Fields = { level: undefined, time: undefined, msg: undefined };
const prefix = 'about_';

/**
 * A logger over `log`, which writes `bound` into every line. A field whose key is taken by the writer of the line (its
 * `instance_id`, its `service`) is left out where both say the same, and is else written as `about_<key>`.
 */
export function createDistinctLog(log: Log, bound: Fields): Log {
  return new DistinctLog(log, { ...ownMembers, ...bound });
}

class DistinctLog implements Log {
  readonly #log: Log;
  readonly #bound: Fields;

  constructor(log: Log, bound: Fields) {
    this.#log = log;
    this.#bound = bound;
  }

  debug(fields: object, message: string): void {
    this.#log.debug(distinct(fields, this.#bound), message);
  }

  info(fields: object, message: string): void {
    this.#log.info(distinct(fields, this.#bound), message);
  }

  warn(fields: object, message: string): void {
    this.#log.warn(distinct(fields, this.#bound), message);
  }

  error(fields: object, message: string): void {
    this.#log.error(distinct(fields, this.#bound), message);
  }

  child(fields: object, options?: { level?: string }): Log {
    const own = distinct(fields, this.#bound);
    return new DistinctLog(this.#log.child(own, options), { ...this.#bound, ...own });
  }

  isLevelEnabled(level: string): boolean {
    return this.#log.isLevelEnabled?.(level) ?? true;
  }
}

/** The very same object where nothing is taken, as in nearly all lines. */
function distinct(fields: object, bound: Fields): object {
  for (const key in fields) if (key in bound) return renamed(fields as Fields, bound);
  return fields;
}

function renamed(fields: Fields, bound: Fields): Fields {
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) {
    if (key in bound && bound[key] === value) continue;
    let free = key;
    while (free in bound || (free !== key && free in fields)) free = prefix + free;
    result[free] = value;
  }
  return result;
}
