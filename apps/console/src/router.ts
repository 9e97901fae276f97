/** Where one is. Filters, tabs and what is open stand in the address, so that a link shows the same and going back works. */
import { type ReadonlySignal, signal } from '@preact/signals';

export interface Place {
  /** Name of the screen; empty for the first. */
  readonly screen: string;
  readonly entry: string | undefined;
  readonly query: Readonly<Record<string, string>>;
}

export interface Router {
  readonly place: ReadonlySignal<Place>;
  go(address: string): void;
  /** The same screen with other members in its query; an empty one is left out. Takes the place of the present one in the history. */
  refine(members: Readonly<Record<string, string | undefined>>): void;
  /** What is not saved yet: leaving is asked about while it answers a sentence. */
  guard(question: () => string | undefined): () => void;
}

const root = '/console';
const origin = 'https://console.invalid';

/** Undefined for an address that is not of the console. */
export function placeOf(address: string): Place | undefined {
  const { pathname, searchParams } = new URL(address, origin);
  if (pathname !== root && !pathname.startsWith(`${root}/`)) return undefined;
  const [screen = '', entry, ...more] = pathname
    .slice(root.length + 1)
    .split('/')
    .map(decoded);
  if (more.length > 0) return undefined;
  return { screen, entry: entry === '' ? undefined : entry, query: Object.fromEntries(searchParams) };
}

/** The address of a place. */
export function addressAt({
  screen,
  entry,
  query = {},
}: {
  screen: string;
  entry?: string | undefined;
  query?: Readonly<Record<string, string | undefined>>;
}): string {
  const path = [root, screen, entry].filter((part): part is string => part !== undefined && part !== '');
  const members = Object.entries(query).filter((member): member is [string, string] => member[1] !== undefined && member[1] !== '');
  const text = path.map((part, index) => (index === 0 ? part : encodeURIComponent(part))).join('/');
  return members.length === 0 ? text : `${text}?${new URLSearchParams(members)}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // A broken escape names nothing.
    return part;
  }
}

/** Follows the links of the page from now on. */
export function createRouter(browser: Window): Router {
  const place = signal(placeOf(browser.location.href.slice(browser.location.origin.length)) ?? { screen: '', entry: undefined, query: {} });
  let ask: (() => string | undefined) | undefined;
  const mayLeave = (): boolean => {
    const question = ask?.();
    return question === undefined || browser.confirm(question);
  };
  const show = (found: Place): void => {
    ask = undefined;
    place.value = found;
    browser.scrollTo(0, 0);
  };
  const go = (address: string): void => {
    const found = placeOf(address);
    if (found === undefined) {
      browser.location.assign(address);
      return;
    }
    if (!mayLeave()) return;
    browser.history.pushState(undefined, '', address);
    show(found);
  };
  browser.addEventListener('popstate', () => {
    const found = placeOf(browser.location.pathname + browser.location.search);
    if (found !== undefined) show(found);
  });
  browser.addEventListener('beforeunload', (event) => {
    if (ask?.() !== undefined) event.preventDefault();
  });
  browser.document.addEventListener('click', (event) => {
    const link = (event.target as Element).closest?.('a[href]');
    const address = link?.getAttribute('href');
    if (!address || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (link?.hasAttribute('target') || placeOf(new URL(address, browser.location.href).pathname) === undefined || address.startsWith('#'))
      return;
    event.preventDefault();
    go(address);
  });
  return {
    place,
    go,
    refine(members) {
      const { screen, entry, query } = place.value;
      const address = addressAt({ screen, entry, query: { ...query, ...members } });
      browser.history.replaceState(undefined, '', address);
      place.value = placeOf(address) ?? place.value;
    },
    guard(question) {
      ask = question;
      return () => {
        if (ask === question) ask = undefined;
      };
    },
  };
}
