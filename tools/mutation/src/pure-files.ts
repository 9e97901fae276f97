/** Which files are pure decisions or their tests: they have no state, so that one process can load them again and again. */
const purePath = /(^|\/)services\/[a-z]+\/src\/domain\/[^/]+\.ts(\?|$)/;

/** By a path from the root of the repository, or an address. */
export function isPureFile(path: string): boolean {
  return purePath.test(path);
}
