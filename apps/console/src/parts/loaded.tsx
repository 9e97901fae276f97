/** What is known of a resource: the value with how old it is, or why there is none. */
import type { ComponentChildren } from 'preact';
import { useDesk } from '../desk.ts';
import type { Resource } from '../live/resource.ts';
import { Failure } from './failure.tsx';

interface LoadedProps<Value> {
  from: Resource<Value>;
  children(value: Value): ComponentChildren;
}

export const Loaded = <Value,>({ from, children }: LoadedProps<Value>) => {
  const { words, formats } = useDesk();
  const { value, state, error, at_ms } = from.known.value;
  if (value === undefined) {
    if (state === 'failed') return <Failure error={error} retry={() => void from.renew()} />;
    return (
      <p class="quiet" aria-busy="true">
        {words.loading}
      </p>
    );
  }
  return (
    <>
      {state === 'stale' && (
        <div class="notice warn" role="status">
          <p>{words.stale(formats.time(at_ms ?? 0))}</p>
          <button type="button" class="button plain" onClick={() => void from.renew()}>
            {words.failure.retry}
          </button>
        </div>
      )}
      {children(value)}
    </>
  );
};
