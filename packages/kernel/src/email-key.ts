/** One form for all spellings of a user name or address, by which they are compared: in users, and where an address is typed again. */
const invisible = /[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Zs}]+/gu;

/** NFKC and case-folded, without what cannot be seen. `İ` and `ı` fold to `i`, so that no locale distinguishes them. */
export function foldText(text: string): string {
  const folded = text.normalize('NFKC').replaceAll(invisible, '').toUpperCase().toLowerCase().normalize('NFKC');
  return folded.replaceAll('i\u0307', 'i');
}

/** The key of an e-mail address: its domain as A-labels, so that both spellings of an internationalised domain are one. */
export function emailKey(email: string): string {
  const at = email.lastIndexOf('@');
  const domain = asciiDomain(email.slice(at + 1));
  return domain === undefined ? foldText(email) : `${foldText(email.slice(0, at))}@${domain}`;
}

/** A domain name as A-labels (RFC 5891); undefined for what is none, or is the address of a host. */
export function asciiDomain(domain: string): string | undefined {
  const folded = foldText(domain);
  const url = `http://${folded}`;
  if (folded === '' || /[/:?#\\@%[\]]/.test(folded) || !URL.canParse(url)) return undefined;
  const { hostname } = new URL(url);
  return /^(?:[a-z0-9-]{1,63}\.)+[a-z0-9-]{0,62}[a-z][a-z0-9-]{0,62}$/.test(hostname) ? hostname : undefined;
}
