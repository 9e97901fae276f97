/** Finds the route of a path: a tree of path segments, built once. Fixed segments win over parameters. */

export interface Located<T> {
  readonly methods: ReadonlyMap<string, T>;
  /** For the Allow header. */
  readonly allow: string;
}

interface Branch<T> {
  readonly fixed: Map<string, Branch<T>>;
  any: Branch<T> | undefined;
  located: { methods: Map<string, T>; allow: string } | undefined;
}

/** Encoded slashes, backslashes, points and zeros have no place in a parameter and are how one path is passed off as another. */
const disguised = /%(?:2f|5c|2e|00)|\\/i;
const segmentLengthMax = 1_000;

export interface Router<T> {
  /** What is at the path (without its query); undefined when nothing is. */
  find(path: string): Located<T> | undefined;
}

export function createRouter<T>(routes: Iterable<{ method: string; path: string; value: T }>): Router<T> {
  const root: Branch<T> = newBranch();
  for (const { method, path, value } of routes) {
    const branch = growTo(root, path);
    branch.located ??= { methods: new Map(), allow: '' };
    branch.located.methods.set(method, value);
    if (method === 'GET') branch.located.methods.set('HEAD', value);
    branch.located.allow = [...branch.located.methods.keys(), 'OPTIONS'].sort().join(', ');
  }
  return { find: (path) => (path.charCodeAt(0) === 0x2f ? seek(root, path, 1) : undefined) };
}

function newBranch<T>(): Branch<T> {
  return { fixed: new Map(), any: undefined, located: undefined };
}

function growTo<T>(root: Branch<T>, path: string): Branch<T> {
  let branch = root;
  for (const segment of path.slice(1).split('/')) {
    if (segment.startsWith('{')) {
      branch.any ??= newBranch();
      branch = branch.any;
    } else {
      const next = branch.fixed.get(segment) ?? newBranch();
      branch.fixed.set(segment, next);
      branch = next;
    }
  }
  return branch;
}

function seek<T>(branch: Branch<T>, path: string, from: number): Located<T> | undefined {
  if (from > path.length) return branch.located;
  const slash = path.indexOf('/', from);
  const to = slash < 0 ? path.length : slash;
  const segment = path.slice(from, to);
  const fixed = branch.fixed.get(segment);
  const found = fixed && seek(fixed, path, to + 1);
  if (found || branch.any === undefined || !isParameter(segment)) return found;
  return seek(branch.any, path, to + 1);
}

function isParameter(segment: string): boolean {
  if (segment === '' || segment === '.' || segment === '..' || segment.length > segmentLengthMax) return false;
  return !disguised.test(segment);
}

/** The parameters of a path that was found at this template. */
export function paramsOf(template: string, path: string): Record<string, string> {
  const values = path.split('/');
  const named = template.split('/').map((segment, index) => [segment, values[index] ?? ''] as const);
  return Object.fromEntries(named.filter(([segment]) => segment.startsWith('{')).map(([segment, value]) => [segment.slice(1, -1), value]));
}
