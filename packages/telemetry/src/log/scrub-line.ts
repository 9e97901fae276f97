/**
 * What must not stand in a log, taken out of the finished line: whatever a careless caller, a driver or a mail server put
 * into an error, at any depth. Looking at the line costs less than looking through objects, and misses nothing in them.
 */

const personal = ['email', 'phone', 'full_name', 'recipient', 'shipping_address', 'street', 'payment_method'];
const secret = ['authorization', 'password', 'new_password', 'token', 'access_token', 'refresh_token', 'secret', 'cookie', 'set-cookie'];
const names = [...personal, ...secret].join('|');
const nested = String.raw`\{[^{}]*\}|\[[^\[\]]*\]`;
/** A member with such a name; its value may be a text, a flat object or list, or a plain value. */
const members = new RegExp(String.raw`"(${names})":(?:"(?:[^"\\]|\\.)*"|${nested}|[^,}\]"]+)`, 'gi');
/** The same in JSON that is a text inside the line. */
const quotedMembers = new RegExp(String.raw`\\"(${names})\\":(?:\\"(?:(?!\\").)*\\"|${nested}|[^,}\]"\\]+)`, 'gi');

/** A run of characters that may stand in an e-mail address, longest first and each looked at once. */
const addressRun = /[^\s<>"`=(),;:/\\[\]]+/g;
const tokenRun = /[\w.-]+/g;

/** What gives itself away by its form, with the piece of text that says cheaply whether it can be there at all. */
const forms: readonly { hint: string; form: RegExp; instead: string | ((run: string) => string) }[] = [
  { hint: '@', form: addressRun, instead: withoutAddress },
  { hint: '://', form: /:\/\/[^\s/@"\\]+@/g, instead: '://[credentials]@' },
  { hint: 'Bearer ', form: /Bearer [^\s"\\,]+/g, instead: 'Bearer [redacted]' },
  { hint: 'eyJ', form: tokenRun, instead: withoutToken },
  { hint: 'souk_live_', form: /souk_live_[\w-]*/g, instead: '[API key]' },
  { hint: 'tok_', form: /\btok_\w+/g, instead: '[card]' },
];

/** The line without secrets and personal data; still the JSON it was. */
export function scrubLine(line: string): string {
  let scrubbed = line.replace(members, '"$1":"[redacted]"');
  if (scrubbed.includes('\\"')) scrubbed = scrubbed.replace(quotedMembers, '\\"$1\\":\\"[redacted]\\"');
  for (const { hint, form, instead } of forms) if (scrubbed.includes(hint)) scrubbed = scrubbed.replace(form, instead as string);
  return scrubbed;
}

/** A run that has something before an at sign and a domain behind it is an address as a whole. */
function withoutAddress(run: string): string {
  const [local = '', ...domains] = run.split('@');
  const named = local !== '' || domains.length > 1;
  return named && domains.some((domain) => /[^.']\.\p{L}{2}/u.test(domain)) ? '[e-mail]' : run;
}

/** JSON Web Tokens begin like this and have two points; what follows the beginning goes with it. */
function withoutToken(run: string): string {
  const start = run.indexOf('eyJ');
  if (start < 0 || run.indexOf('.', run.indexOf('.', start + 11) + 1) < start + 12) return run;
  return `${run.slice(0, start)}[token]`;
}
