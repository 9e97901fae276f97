/** Begins the console in the page that services/web serves. */
import { signal } from '@preact/signals';
import { watchShop } from '@souk/contracts';
import { preferredLanguage } from '@souk/ui';
import { type FunctionComponent, render } from 'preact';
import { useEffect } from 'preact/hooks';
import { type Desk, DeskProvider, useDesk } from './desk.ts';
import { createFormats } from './formats.ts';
import { Frame } from './frame/frame.tsx';
import { SignIn } from './frame/sign-in.tsx';
import { createLive } from './live/stream.ts';
import { type Ask, createAsk } from './live/transport.ts';
import { useResource } from './live/use-resource.ts';
import { Loaded } from './parts/loaded.tsx';
import { createRouter } from './router.ts';
import { createSession, type Person } from './session.ts';
import { languages } from './words/languages.ts';
import type { Words } from './words/words.ts';

const clockMs = 1_000;

function openDesk(words: Words, locale: string): Desk {
  const session = createSession((): Ask => ask);
  const ask: Ask = createAsk(fetch.bind(globalThis), () => session.ended());
  const clock = signal(Date.now());
  setInterval(() => {
    if (document.visibilityState === 'visible') clock.value = Date.now();
  }, clockMs);
  return {
    shop_name: document.documentElement.dataset['shop'] ?? '',
    ask,
    router: createRouter(window),
    session,
    live: createLive({ address: watchShop.path, now: Date.now }),
    formats: createFormats(locale, Intl.DateTimeFormat().resolvedOptions().timeZone),
    words,
    now: Date.now,
    clock,
    newKey: () => crypto.randomUUID(),
    wait: (delay_ms) => new Promise((resolve) => setTimeout(resolve, delay_ms)),
  };
}

const Console: FunctionComponent = () => {
  const { session } = useDesk();
  const current = session.current.value;
  if (current.state === 'unknown') return <FirstLook />;
  if (current.state === 'signed_in') return <SignedIn person={current.person} />;
  return <SignIn isTurnedAway={current.state === 'turned_away'} />;
};

/** Until the shop has said whose session it is. */
const FirstLook: FunctionComponent = () => {
  const { session } = useDesk();
  const looked = useResource('session', () => session.look());
  return (
    <main class="sign-in">
      <Loaded from={looked}>{() => null}</Loaded>
    </main>
  );
};

/** The stream is open while there is a session. */
const SignedIn: FunctionComponent<{ person: Person }> = ({ person }) => {
  const { live } = useDesk();
  useEffect(() => live.open(), []);
  return <Frame person={person} />;
};

const place = document.getElementById('console');
if (place === null) throw new Error('the page has no place for the console');
const language = preferredLanguage(navigator.languages.join(','), languages);
language.load().then(
  (words) => {
    document.documentElement.lang = language.tag;
    render(
      <DeskProvider value={openDesk(words, language.locale)}>
        <Console />
      </DeskProvider>,
      place,
    );
  },
  // Without words there is nothing to draw with.
  () => {
    place.textContent = 'The console could not be loaded. Load the page again.';
  },
);
