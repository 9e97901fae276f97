/** The keys that an object anywhere in this JSON text holds twice; a reader that is not strict silently takes one of the values. */
export function doubledKeys(text: string): string[] {
  const doubled: string[] = [];
  const open: (Set<string> | undefined)[] = [];
  const token = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g;
  for (const [word, colon] of text.matchAll(token)) {
    if (word === '{') open.push(new Set());
    else if (word === '[') open.push(undefined);
    else if (word === '}' || word === ']') open.pop();
    else if (colon !== undefined) {
      const keys = open.at(-1);
      const key = word.slice(0, word.lastIndexOf('"') + 1);
      if (keys?.has(key)) doubled.push(key);
      keys?.add(key);
    }
  }
  return doubled;
}
