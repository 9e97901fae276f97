/** `dot-atom` of RFC 5322 with the letters of RFC 6531; a domain, or an address literal. Both are looked at once: linear. */
const localPart = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const domain = /^[\p{L}\p{M}\p{N}-]+(\.[\p{L}\p{M}\p{N}-]+)*$/u;
const lengthMax = 254;

/** Whether a text is the address of one mailbox: not a list, no name, no comment, nothing a mail library could read as more. */
export function isOneMailbox(address: string): boolean {
  if (address.length > lengthMax) return false;
  const at = address.lastIndexOf('@');
  return at > 0 && localPart.test(address.slice(0, at)) && domain.test(address.slice(at + 1));
}
