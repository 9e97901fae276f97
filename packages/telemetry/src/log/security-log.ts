/**
 * The security log: who signed in or tried to, who got which rights, which tokens were refused and why. Its lines bear
 * `"log":"security"` and are written whatever `LOG_LEVEL` says. They hold ids, causes and client addresses, never a secret, a
 * name or an e-mail address. What an attacker can cause without end is written a few times a minute and then counted, so that
 * the log can be used neither to fill a disk nor to hide one event among a million others.
 */
import type { Clock, Log } from '@souk/kernel';

export type SecurityEventName =
  | 'account_erased'
  | 'account_opened'
  | 'access_refused'
  | 'api_key_changed'
  | 'email_changed'
  | 'email_verified'
  | 'password_changed'
  | 'password_reset_requested'
  | 'rate_limited'
  | 'refresh_token_refused'
  | 'role_given'
  | 'second_factor_changed'
  | 'session_ended'
  | 'sign_in'
  | 'signing_key_changed'
  | 'token_refused';

export interface SecurityEvent {
  event: SecurityEventName;
  outcome: 'succeeded' | 'refused';
  /** Why it was refused, or by what means it was done: a constant in snake_case. */
  cause?: string | undefined;
  /** The account it is about. */
  user_id?: string | undefined;
  /** The account that did it, where that is another one. */
  by?: string | undefined;
  /** The API key that was shown. */
  api_key?: string | undefined;
  client_address?: string | undefined;
  correlation_id?: string | undefined;
  /** The role that was given, or the limit that was reached, or the key. */
  object?: string | undefined;
}

export interface SecurityLog {
  /** Writes the event, or counts it where it was written often enough within the last minute. Never throws. */
  record(event: SecurityEvent): void;
  /** Writes what was only counted so far. */
  close(): void;
}

/** A security log that drops everything, for tests and tools. */
export const silentSecurityLog: SecurityLog = { record() {}, close() {} };

export interface SecurityLogLimits {
  window_ms: number;
  /** Most lines of one event with the same outcome, cause, account and address within a window. */
  identical_max: number;
  /** Most lines of one event within a window, whatever differs in them. */
  lines_max: number;
}

const defaultLimits: SecurityLogLimits = { window_ms: 60_000, identical_max: 3, lines_max: 200 };

interface Repeated {
  event: SecurityEvent;
  lines: number;
  suppressed: number;
}

interface EventWindow {
  ends_at: number;
  lines: number;
  /** At most `lines_max` entries. */
  seen: Map<string, Repeated>;
  /** Beyond `lines_max`: nothing is kept of them but their number. */
  overflow: number;
}

/** The security log of a process or service, whose lines go where those of `log` go. Each event has limits of its own: a flood of one hides no other. */
export function createSecurityLog(log: Log, clock: Clock, given: Partial<SecurityLogLimits> = {}): SecurityLog {
  const limits = { ...defaultLimits, ...given };
  const lines = log.child({ log: 'security' }, { level: 'info' });
  const windows = new Map<SecurityEventName, EventWindow>();

  const write = (event: object, refused: boolean): void => lines[refused ? 'warn' : 'info'](event, 'security event');
  const summarise = (name: SecurityEventName, { seen, overflow }: EventWindow): void => {
    for (const { event, suppressed } of seen.values())
      if (suppressed > 0) write({ ...event, repeated: suppressed }, event.outcome === 'refused');
    if (overflow > 0) write({ event: name, outcome: 'suppressed', repeated: overflow }, true);
  };
  const windowOf = (name: SecurityEventName, now_ms: number): EventWindow => {
    const known = windows.get(name);
    if (known !== undefined && known.ends_at > now_ms) return known;
    if (known !== undefined) summarise(name, known);
    const next: EventWindow = { ends_at: now_ms + limits.window_ms, lines: 0, seen: new Map(), overflow: 0 };
    windows.set(name, next);
    return next;
  };

  return {
    record(event) {
      const now_ms = clock.now();
      // What was only counted is written when its window has ended, whichever event comes next.
      for (const name of windows.keys()) if (name !== event.event) windowOf(name, now_ms);
      const window = windowOf(event.event, now_ms);
      const key = keyOf(event);
      const repeated = window.seen.get(key) ?? { event, lines: 0, suppressed: 0 };
      if (repeated.lines < limits.identical_max && window.lines < limits.lines_max) {
        window.seen.set(key, repeated);
        repeated.lines += 1;
        window.lines += 1;
        write(event, event.outcome === 'refused');
      } else if (repeated.lines > 0) repeated.suppressed += 1;
      else window.overflow += 1;
    },
    close() {
      for (const [name, window] of windows) summarise(name, window);
      windows.clear();
    },
  };
}

/** Everything but the correlation id, which is another one for each request. */
function keyOf({ outcome, cause, user_id, by, api_key, client_address, object }: SecurityEvent): string {
  return JSON.stringify([outcome, cause, user_id, by, api_key, client_address, object]);
}
