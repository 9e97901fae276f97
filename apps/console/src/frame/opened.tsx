/** The screen of a place. */
import { useSignal } from '@preact/signals';
import { type FunctionComponent, h } from 'preact';
import { useEffect } from 'preact/hooks';
import { useDesk } from '../desk.ts';
import { Failure } from '../parts/failure.tsx';
import { addressAt, type Place } from '../router.ts';
import { type Screen, screenAt } from '../screens.ts';

type Loading = { readonly screen?: Screen; readonly error?: unknown };

export const Opened: FunctionComponent<{ place: Place }> = ({ place }) => {
  const { words, shop_name } = useDesk();
  const entry = screenAt(place.screen);
  const loading = useSignal<Loading>({});
  useEffect(() => {
    let isLeft = false;
    loading.value = {};
    entry?.load().then(
      (screen) => {
        if (!isLeft) loading.value = { screen };
      },
      (error: unknown) => {
        if (!isLeft) loading.value = { error };
      },
    );
    return () => {
      isLeft = true;
    };
  }, [entry]);
  if (entry === undefined)
    return (
      <div class="empty">
        <h1>{words.frame.nothing_here}</h1>
        <a class="button" href={addressAt({ screen: '' })}>
          {words.frame.back}
        </a>
      </div>
    );
  const { screen, error } = loading.value;
  // After an update of the shop the files of this page are not there any more: loading the page again brings the new ones.
  if (error !== undefined) return <Failure title={words.frame.not_loaded(shop_name)} error={error} retry={() => location.reload()} />;
  if (screen === undefined)
    return (
      <p class="quiet" aria-busy="true">
        {words.loading}
      </p>
    );
  return h(screen, { place });
};
