/** What is made for a name is kept for the next who asks. For what depends on nothing but its name: any two of one name are the same. */
export function kept<Made>(most: number, make: (...name: readonly string[]) => Made): (...name: readonly string[]) => Made {
  const all = new Map<string, Made>();
  return (...name) => {
    const key = name.join(' ');
    const found = all.get(key);
    if (found !== undefined) return found;
    const made = make(...name);
    if (all.size >= most) all.clear();
    all.set(key, made);
    return made;
  };
}
