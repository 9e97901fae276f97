/** How numbers and times read: short, the same everywhere, and never without a unit. */

export const nothing = '–';

export function plural(count, one, many = `${one}s`) {
  return `${number(count)} ${count === 1 ? one : many}`;
}

export function number(value) {
  return value === null ? nothing : value.toLocaleString('en-GB', { maximumFractionDigits: 0 });
}

export function perSecond(value) {
  if (value === 0) return '0/s';
  if (value < 0.05 && value > 0) return '<0.1/s';
  return `${value < 10 ? value.toFixed(1) : number(value)}/s`;
}

export function percent(share) {
  if (share === 0) return '0 %';
  if (share < 0.001) return '<0.1 %';
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
}

export function milliseconds(value) {
  if (value === null) return nothing;
  if (value < 1) return '<1 ms';
  return value < 1_000 ? `${Math.round(value)} ms` : `${(value / 1_000).toFixed(1)} s`;
}

/** How long something lasts, to two words at most. */
export function lasting(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const [minutes, hours, days] = [Math.floor(seconds / 60), Math.floor(seconds / 3_600), Math.floor(seconds / 86_400)];
  if (minutes < 1) return `${seconds} s`;
  if (hours < 1) return `${minutes} min`;
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${days} d`;
}

/** The time of day, with its date when that is another day than now. */
export function clock(at_ms, now_ms, withSeconds = false) {
  const [at, now] = [new Date(at_ms), new Date(now_ms)];
  const time = at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', ...(withSeconds && { second: '2-digit' }) });
  if (at.toDateString() === now.toDateString()) return time;
  return `${at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })} ${time}`;
}

/** `since 02:14 (4 min)`. */
export function since(at, now_ms, at_least = false) {
  const at_ms = Date.parse(at);
  return `since ${clock(at_ms, now_ms)}${at_least ? ' or longer' : ''} (${lasting(now_ms - at_ms)})`;
}

const headlines = {
  healthy: 'All is well',
  degraded: 'Something is wrong; the shop sells on',
  unhealthy: 'The shop is not working',
};

export function headline(status) {
  return headlines[status];
}

const severities = { unhealthy: 'Broken', degraded: 'Impaired', notice: 'To note' };

export function severityWord(severity) {
  return severities[severity];
}

const statusNames = {
  pending: 'wait for stock',
  awaiting_payment: 'wait for money',
  confirmed: 'confirmed',
  shipped: 'shipped',
  completed: 'completed',
  cancelled: 'cancelled',
};

export function checkoutWord(status) {
  return statusNames[status] ?? status;
}

const madeName = /\b([a-z-]+)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{7}([0-9a-f]{5})\b/g;

/** Names of instances that were made hold a whole UUID; its end distinguishes two of them. */
export function shorter(text) {
  return text.replaceAll(madeName, '$1-…$2');
}

/** The zone of the reader, such as `UTC+1`. */
export function zone(now_ms) {
  const minutes = -new Date(now_ms).getTimezoneOffset();
  const [hours, rest] = [Math.trunc(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `UTC${minutes < 0 ? '−' : '+'}${hours}${rest === 0 ? '' : `:${String(rest).padStart(2, '0')}`}`;
}
