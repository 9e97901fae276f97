/**
 * How large a document may be, looked at before it is validated: validation compares fields with each other, so what is too much must
 * not get there. Each definition is walked once, so the walk itself cannot be made slow.
 */
import { refusal } from '@souk/contracts';
import { type DocumentNode, Kind, type SelectionSetNode } from 'graphql';

export const limits = {
  /** Words and signs of the text; more is not even parsed. */
  tokens: 1_000,
  comments: 100,
  levels: 8,
  /** Below `__schema`: what tools ask for is deep and does not depend on data. */
  introspection_levels: 16,
  root_fields: 20,
  aliases: 20,
  fields: 300,
  directives: 50,
  /** Definitions and uses, inline ones too. */
  fragments: 100,
} as const;

interface Extent {
  levels: number;
  introspection_levels: number;
  /** Fields at the top, those of fragments included. */
  tops: number;
}

/** What is counted over the whole text. */
type Counted = Record<'aliases' | 'fields' | 'directives' | 'fragments', number>;

const nothing: Extent = { levels: 0, introspection_levels: 0, tops: 0 };
const schemaField = '__schema';

/** Throws `graphql_too_costly`, naming the limit. */
export function checkDocument({ definitions }: DocumentNode): void {
  const counted: Counted = { aliases: 0, fields: 0, directives: 0, fragments: 0 };
  const fragments = new Map<string, SelectionSetNode>();
  for (const definition of definitions) {
    if ('selectionSet' in definition) count(definition as Selecting, counted);
    if (definition.kind !== Kind.FRAGMENT_DEFINITION) continue;
    counted.fragments += 1;
    fragments.set(definition.name.value, definition.selectionSet);
  }
  for (const name of ['aliases', 'fields', 'directives', 'fragments'] as const) hold(name, counted[name]);
  const measure = createMeasure(fragments);
  for (const definition of definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const { levels, introspection_levels, tops } = measure(definition.selectionSet);
    hold('root_fields', tops);
    hold('levels', levels);
    hold('introspection_levels', introspection_levels);
  }
}

function hold(name: keyof typeof limits, value: number): void {
  if (value > limits[name])
    throw refusal('graphql_too_costly', `A document may have at most ${limits[name]} ${name.replaceAll('_', ' ')}; this has ${value}.`);
}

interface Selecting {
  directives?: readonly unknown[] | undefined;
  selectionSet?: SelectionSetNode | undefined;
}

function count({ directives = [], selectionSet }: Selecting, counted: Counted): void {
  counted.directives += directives.length;
  for (const selection of selectionSet?.selections ?? []) {
    if (selection.kind === Kind.FIELD) {
      counted.fields += 1;
      if (selection.alias !== undefined) counted.aliases += 1;
    } else counted.fragments += 1;
    count(selection as Selecting, counted);
  }
}

/** Of selections with what their fragments select; a fragment is measured once, one that contains itself as if it did not. */
function createMeasure(fragments: ReadonlyMap<string, SelectionSetNode>): (selected: SelectionSetNode) => Extent {
  const known = new Map<string, Extent>();
  const ofFragment = (name: string): Extent => {
    const before = known.get(name);
    if (before !== undefined) return before;
    known.set(name, nothing);
    const selected = fragments.get(name);
    const extent = selected === undefined ? nothing : measure(selected);
    known.set(name, extent);
    return extent;
  };
  const measure = ({ selections }: SelectionSetNode): Extent => {
    let extent = nothing;
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        const inside = selection.selectionSet === undefined ? nothing : measure(selection.selectionSet);
        const isSchema = selection.name.value === schemaField;
        extent = joined(extent, {
          tops: 1,
          levels: isSchema ? 1 : inside.levels + 1,
          introspection_levels: isSchema ? inside.levels : inside.introspection_levels,
        });
      } else if (selection.kind === Kind.INLINE_FRAGMENT) extent = joined(extent, measure(selection.selectionSet));
      else extent = joined(extent, ofFragment(selection.name.value));
    }
    return extent;
  };
  return measure;
}

function joined(one: Extent, other: Extent): Extent {
  return {
    tops: one.tops + other.tops,
    levels: Math.max(one.levels, other.levels),
    introspection_levels: Math.max(one.introspection_levels, other.introspection_levels),
  };
}
