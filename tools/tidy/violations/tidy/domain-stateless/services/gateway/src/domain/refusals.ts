export interface Refusals {
  add(key: string): number;
}

export function createRefusals(): Refusals {
  const counts = new Map<string, number>();
  return {
    add(key) {
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      return count;
    },
  };
}
