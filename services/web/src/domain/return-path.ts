/** Where a person is led back to after signing in: pages of this shop only, whatever a link from elsewhere says. */
const lengthMax = 1_000;
/** Pages that would lead round in a circle. */
const waysIn = /^\/(?:sign-in|sign-out|register|password-reset|verify-email|session)(?:[/?#]|$)/;
const shop = 'http://shop.invalid';

/** The path and query of a page of this shop; undefined for everything else. */
export function returnPath(wanted: string | undefined): string | undefined {
  if (wanted === undefined || wanted.length > lengthMax || !/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(wanted)) return undefined;
  if (!URL.canParse(wanted, shop)) return undefined;
  const { origin, pathname, search } = new URL(wanted, shop);
  const path = `${pathname}${search}`;
  // Dots are taken out by now: what is left must not begin anew with another host.
  return origin !== shop || path.startsWith('//') || waysIn.test(path) ? undefined : path;
}
