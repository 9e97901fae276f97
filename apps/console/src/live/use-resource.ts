/** Resources and commands of a part that is drawn: they begin and end with it. */
import type { RouteDeclaration } from '@souk/contracts';
import { useEffect, useMemo } from 'preact/hooks';
import { useDesk } from '../desk.ts';
import { type Command, type CommandOptions, createCommand } from './command.ts';
import { createResource, type Resource, type ResourceOptions } from './resource.ts';
import type { ShopEvent } from './stream.ts';
import type { Ask, Input, Reply } from './transport.ts';

/** Of a burst of events one reading is made. */
const gatherMs = 300;

export interface UseResourceOptions<Value> extends Pick<ResourceOptions<Value>, 'isNewer'> {
  /** Whether the value may have changed by this event. */
  changedBy?(event: ShopEvent): boolean;
  /** Read again after this long in any case, while the page is seen. */
  every_ms?: number;
}

/** Reads it when it is first drawn and when `key` changes. */
export function useResource<Value>(
  key: string,
  load: (ask: Ask, signal: AbortSignal) => Promise<Value>,
  options: UseResourceOptions<Value> = {},
): Resource<Value> {
  const { ask, now, live } = useDesk();
  // Only the key says what is read: the functions are made anew with each drawing.
  const resource = useMemo(
    () => createResource<Value>({ load: (signal) => load(ask, signal), now, ...(options.isNewer && { isNewer: options.isNewer }) }),
    [key],
  );
  useEffect(() => {
    void resource.renew();
    const stops = [() => resource.close(), renewByEvents(resource, live, options), renewByTime(resource, options.every_ms)];
    return () => {
      for (const stop of stops) stop();
    };
  }, [resource]);
  return resource;
}

function renewByEvents<Value>(
  resource: Resource<Value>,
  live: ReturnType<typeof useDesk>['live'],
  { changedBy }: UseResourceOptions<Value>,
): () => void {
  if (changedBy === undefined) return () => undefined;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const stop = live.listen((event) => {
    if (waiting !== undefined || (event.event_type !== 'gap' && !changedBy(event))) return;
    waiting = setTimeout(() => {
      waiting = undefined;
      void resource.renew();
    }, gatherMs);
  });
  return () => {
    clearTimeout(waiting);
    stop();
  };
}

function renewByTime(resource: Resource<unknown>, every_ms: number | undefined): () => void {
  if (every_ms === undefined) return () => undefined;
  const timer = setInterval(() => {
    if (document.visibilityState === 'visible') void resource.renew();
  }, every_ms);
  return () => clearInterval(timer);
}

/** One entity by its route: its body with its entity tag. */
export function useEntity<R extends RouteDeclaration>(
  route: R,
  input: Input<R>,
  options: UseResourceOptions<Reply<Exclude<import('@souk/contracts').ResponseOf<R>, undefined>>> = {},
): Resource<Reply<Exclude<import('@souk/contracts').ResponseOf<R>, undefined>>> {
  return useResource(`${route.path} ${JSON.stringify(input)}`, (ask, signal) => ask(route, { ...input, signal }), options);
}

/** A command that lives as long as the part. */
export function useCommand<Given, Result>(
  options: (ask: Ask) => Pick<CommandOptions<Given, Result>, 'send' | 'wasDone'>,
): Command<Given, Result> {
  const { ask, newKey, wait } = useDesk();
  return useMemo(() => createCommand<Given, Result>({ ...options(ask), newKey, wait }), []);
}
