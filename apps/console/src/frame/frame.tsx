/** What is around every screen: navigation, the palette, how the shop is, whose session it is. */
import { useSignal } from '@preact/signals';
import { getStatus } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useEffect } from 'preact/hooks';
import { useDesk } from '../desk.ts';
import { useEntity } from '../live/use-resource.ts';
import { Boundary } from '../parts/panel.tsx';
import { addressAt } from '../router.ts';
import { type ScreenGroup, type ScreenName, screenAt, screens } from '../screens.ts';
import type { Person } from '../session.ts';
import { type ScreenCount, useCounts } from './counts.ts';
import { Opened } from './opened.tsx';
import { Palette } from './palette.tsx';
import { Pills } from './pills.tsx';

const everyMs = 10_000;
const groups: readonly ScreenGroup[] = ['first', 'shop', 'operations', 'settings', 'programs'];

export const Frame: FunctionComponent<{ person: Person }> = ({ person }) => {
  const { words, router, shop_name } = useDesk();
  const isPaletteOpen = useSignal(false);
  const isMenuOpen = useSignal(false);
  const place = router.place.value;
  const status = useEntity(getStatus, {}, { every_ms: everyMs });
  const counts = useCounts(status.known.value.value?.body);
  useEffect(() => {
    const open = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'k') return;
      event.preventDefault();
      isPaletteOpen.value = true;
    };
    addEventListener('keydown', open);
    return () => removeEventListener('keydown', open);
  }, []);
  useEffect(() => {
    isMenuOpen.value = false;
    const screen = screenAt(place.screen);
    document.title = `${place.entry === undefined && screen ? `${words.screens[screen.name]} · ` : ''}${words.frame.title(shop_name)}`;
  }, [place]);
  return (
    <div class={isMenuOpen.value ? 'frame menu-open' : 'frame'}>
      <a class="skip" href="#main">
        {words.frame.skip}
      </a>
      <header class="top">
        <button
          type="button"
          class="button plain menu-button"
          aria-expanded={isMenuOpen.value}
          aria-controls="screens"
          onClick={() => {
            isMenuOpen.value = !isMenuOpen.value;
          }}
        >
          {words.frame.menu}
        </button>
        <button
          type="button"
          class="find"
          onClick={() => {
            isPaletteOpen.value = true;
          }}
        >
          <span>{words.palette.open}</span>
          <kbd>Ctrl K</kbd>
        </button>
        <Pills status={status} />
      </header>
      <nav id="screens" class="side" aria-label={words.frame.screens}>
        <a class="brand" href={addressAt({ screen: '' })}>
          {shop_name}
          <span aria-hidden="true">.</span>
        </a>
        {groups.map((group) => (
          <NavigationGroup key={group} group={group} current={place.screen} counts={counts} />
        ))}
        <PersonPart person={person} />
      </nav>
      <main id="main" tabIndex={-1}>
        <LostNote />
        <Boundary key={place.screen}>
          <Opened place={place} />
        </Boundary>
      </main>
      {isPaletteOpen.value && (
        <Palette
          close={() => {
            isPaletteOpen.value = false;
          }}
        />
      )}
    </div>
  );
};

interface NavigationGroupProps {
  group: ScreenGroup;
  /** The path of the screen that is open. */
  current: string;
  counts: Partial<Record<ScreenName, ScreenCount>>;
}

const NavigationGroup: FunctionComponent<NavigationGroupProps> = ({ group, current, counts }) => {
  const { words } = useDesk();
  const entries = screens.filter((screen) => screen.group === group);
  if (entries.length === 0) return null;
  return (
    <div class="group">
      {group !== 'first' && <p class="group-name">{words.frame.groups[group]}</p>}
      <ul class="list">
        {entries.map(({ name, path }) => (
          <li key={name}>
            <a href={addressAt({ screen: path })} aria-current={path === current ? 'page' : undefined}>
              {words.screens[name]}
            </a>
            <WaitingCount of={counts[name]} />
          </li>
        ))}
      </ul>
    </div>
  );
};

/** Leads to what is counted. */
const WaitingCount: FunctionComponent<{ of: ScreenCount | undefined }> = ({ of }) =>
  of === undefined ? null : (
    <a class="count" href={of.address} title={of.means} aria-label={of.means}>
      {of.text}
    </a>
  );

const PersonPart: FunctionComponent<{ person: Person }> = ({ person }) => {
  const { words, formats, session } = useDesk();
  return (
    <div class="person">
      <p>
        <strong>{person.full_name}</strong>
        <br />
        <span class="quiet">{words.roles(person.role)}</span>
      </p>
      <p class="quiet">{words.frame.time_zone(formats.time_zone)}</p>
      <button type="button" class="button plain" onClick={() => void session.signOut()}>
        {words.sign_in.out}
      </button>
    </div>
  );
};

/** Says since when nothing is heard of the shop. */
const LostNote: FunctionComponent = () => {
  const { words, formats, live } = useDesk();
  const since = live.lost_at_ms.value;
  return <div role="status">{since !== undefined && <p class="notice warn">{words.frame.lost(formats.time(since))}</p>}</div>;
};
