/**
 * The analysed form of a statement as PostgreSQL prints it (`pg_node_tree`): `{NODE :field value}`, `(list)`, words.
 * Only the notation is known here; which nodes and fields there are is the business of who reads the tree.
 */

export interface TreeNode {
  kind: string;
  fields: ReadonlyMap<string, Tree>;
}

export type Tree = string | readonly Tree[] | TreeNode;

const tokenPattern = /[(){}]|(?:\\[\s\S]|[^\s(){}\\])+/g;

/** Throws where the text is not of this notation. */
export function parseNodeTree(text: string): Tree {
  const tokens = text.match(tokenPattern) ?? [];
  let position = 0;
  const next = (): string => {
    const token = tokens[position];
    if (token === undefined) throw new Error('a tree of nodes ends too early');
    position += 1;
    return token;
  };
  const value = (): Tree => {
    const token = next();
    if (token === '{') return node();
    if (token !== '(') return token.replace(/\\([\s\S])/g, '$1');
    const items: Tree[] = [];
    while (tokens[position] !== ')') items.push(value());
    next();
    return items;
  };
  const node = (): TreeNode => {
    const kind = next();
    const fields = new Map<string, Tree>();
    while (tokens[position] !== '}') {
      const name = next().slice(1);
      const values: Tree[] = [];
      while (tokens[position] !== '}' && !tokens[position]?.startsWith(':')) values.push(value());
      fields.set(name, values.length === 1 ? (values[0] ?? '') : values);
    }
    next();
    return { kind, fields };
  };
  return value();
}

export function isNode(tree: Tree | undefined): tree is TreeNode {
  return typeof tree === 'object' && 'kind' in tree;
}

/** The node of a field; undefined where it is absent. */
export function nodeOf(node: TreeNode, field: string): TreeNode | undefined {
  const tree = node.fields.get(field);
  return isNode(tree) ? tree : undefined;
}

/** The nodes of a list, which is empty where it is absent. */
export function nodesOf(node: TreeNode, field: string): TreeNode[] {
  const tree = node.fields.get(field);
  return Array.isArray(tree) ? tree.filter(isNode) : [];
}

export function wordOf(node: TreeNode, field: string): string {
  const tree = node.fields.get(field);
  return typeof tree === 'string' ? tree : '';
}

/** A number, such as an OID, a position or a member of an enumeration; NaN where it is absent. */
export function numberOf(node: TreeNode, field: string): number {
  return Number.parseInt(wordOf(node, field), 10);
}
