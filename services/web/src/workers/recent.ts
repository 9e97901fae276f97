/** What was used last, up to a number of things; the one that was not used for longest leaves first. */
export interface Recent<Thing> {
  get(key: string): Thing | undefined;
  set(key: string, thing: Thing): void;
}

export function createRecent<Thing>(most: number): Recent<Thing> {
  const kept = new Map<string, Thing>();
  return {
    get(key) {
      const thing = kept.get(key);
      if (thing !== undefined) {
        kept.delete(key);
        kept.set(key, thing);
      }
      return thing;
    },
    set(key, thing) {
      kept.delete(key);
      kept.set(key, thing);
      const [oldest] = kept.keys();
      if (kept.size > most && oldest !== undefined) kept.delete(oldest);
    },
  };
}
