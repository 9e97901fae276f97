/** The logger everything is given; pino's shape, so that a pino logger is one. Fields first, then a constant sentence. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** Its lines carry the fields too; with a level of its own it writes from there on, whatever the level of the parent. */
  child(fields: object, options?: { level?: string }): Log;
  /** Whether a line of this level would be written; a logger without it writes all. */
  isLevelEnabled?(level: string): boolean;
}

/** A logger that drops everything, for tests and tools. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silentLog, isLevelEnabled: () => false };

/** Whether it is worth putting together the fields of a line at info. */
export function writesInfo(log: Log): boolean {
  return log.isLevelEnabled?.('info') ?? true;
}
