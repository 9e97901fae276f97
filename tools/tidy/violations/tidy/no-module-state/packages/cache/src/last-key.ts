let last: string | undefined;

export function isSameKey(key: string): boolean {
  const isSame = key === last;
  last = key;
  return isSame;
}
