/** How much waits for a person behind a screen, in the navigation. */
import { listReturns, type PlatformStatus } from '@souk/contracts';
import { useDesk } from '../desk.ts';
import { useEntity } from '../live/use-resource.ts';
import { addressAt, type Place } from '../router.ts';
import type { ScreenName } from '../screens.ts';

export interface ScreenCount {
  /** As it is written. */
  readonly text: string;
  /** As it is read out and shown for a pointer. */
  readonly means: string;
  /** Of what is counted. */
  readonly address: string;
}

const everyMs = 30_000;
/** Of more it is said that there are more. */
const returnsCounted = 20;

/** Of screens behind which something waits; nothing of what could not be read. */
export function useCounts(status: PlatformStatus | undefined): Partial<Record<ScreenName, ScreenCount>> {
  const { words, formats } = useDesk();
  const query = { state: 'requested', limit: returnsCounted } as const;
  const returns = useEntity(listReturns, { query }, { every_ms: everyMs }).known.value.value;
  const counted = (
    count: number | undefined,
    means: (count: string) => string,
    place: Pick<Place, 'screen'> & Partial<Place>,
    isMore = false,
  ) => {
    if (count === undefined || count === 0) return undefined;
    const text = isMore ? `${formats.count(count)}+` : formats.count(count);
    return { text, means: means(text), address: addressAt(place) };
  };
  const confirmed = status?.checkouts?.find((each) => each.status === 'confirmed');
  const letters = status?.dead_letters.reduce((sum, { count }) => sum + count, 0);
  const said = words.frame.waiting;
  const entries: [ScreenName, ScreenCount | undefined][] = [
    ['today', counted(status?.incidents.length, said.today, { screen: '' })],
    [
      'orders',
      counted(
        confirmed?.count,
        said.orders,
        { screen: 'orders', query: { status: 'confirmed' } },
        confirmed !== undefined && confirmed.count >= confirmed.counted_max,
      ),
    ],
    [
      'returns',
      counted(returns?.body.length, said.returns, { screen: 'returns', query: { state: query.state } }, returns?.next_cursor !== undefined),
    ],
    ['dead-letters', counted(letters, said.letters, { screen: 'dead-letters' })],
  ];
  return Object.fromEntries(entries.filter(([, count]) => count !== undefined));
}
