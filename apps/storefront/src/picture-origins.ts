/** Other origins whose pictures a page shows: what its policy lets a browser load, and nothing else. */
const picture = /<img src="(https:\/\/[^"]*)"/g;
const plainOrigin = /^https:\/\/[a-z0-9.-]+(?::\d{1,5})?$/;
/** A shop keeps its pictures in one place or two. */
const originsMax = 8;

export function pictureOrigins(page: string): string[] {
  const origins = [...page.matchAll(picture)].flatMap(([, address = '']) => (URL.canParse(address) ? [new URL(address).origin] : []));
  return [...new Set(origins)].filter((origin) => plainOrigin.test(origin)).slice(0, originsMax);
}
