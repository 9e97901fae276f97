/**
 * What an operation costs: each object one point, each value a part of one, those of a list as often as the list may be long. So the
 * cost is known before anything is asked, and bounds how many objects are gathered and how much is written at most.
 */
import { refusal } from '@souk/contracts';
import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type VariableValues,
} from 'graphql';

export const costMax = 1_000;

/** What tools ask of the schema itself has no lists of data; it costs the time to write it down. */
const schemaCost: ReadonlyMap<string, number> = new Map([
  ['__schema', 100],
  ['__type', 20],
]);

/** Of a text, number or the like. */
const valueCost = 0.05;
/** Of values that may be thousands of characters long. */
const longValueCost: ReadonlyMap<string, number> = new Map([
  ['description', 1],
  ['body', 1],
  ['attributes', 0.5],
  ['options', 0.5],
]);

interface Operation {
  operation: OperationDefinitionNode;
  fragmentDefinitions: Readonly<Record<string, FragmentDefinitionNode>>;
  variableValues: VariableValues;
}

/** How long a list is taken to be. */
interface ListSize {
  assumedSize?: number;
  slicingArguments?: readonly string[];
  sizedFields?: readonly string[];
}

/** Lists inside that are as long as the arguments of the field around them say. */
interface Sized {
  fields: readonly string[];
  size: number;
}

const unsized: Sized = { fields: [], size: 1 };

/** The cost of an operation whose document is valid, of a subscription that of one event. Throws `graphql_too_costly` when it is beyond the limit. */
export function costOf(schema: GraphQLSchema, { operation, fragmentDefinitions, variableValues }: Operation): number {
  const directive = schema.getDirective('listSize');
  const known = new Map<string, number>();

  const ofFragment = (name: string, sized: Sized): number => {
    const key = `${name} ${sized.size} ${sized.fields.join(' ')}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const fragment = fragmentDefinitions[name];
    const type = fragment && schema.getType(fragment.typeCondition.name.value);
    const cost = fragment && isObjectType(type) ? ofSelections(fragment.selectionSet, type, sized) : 0;
    known.set(key, cost);
    return cost;
  };
  const ofSelections = ({ selections }: SelectionSetNode, type: GraphQLObjectType, sized: Sized): number => {
    let cost = 0;
    for (const selection of selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) cost += ofFragment(selection.name.value, sized);
      else if (selection.kind === Kind.INLINE_FRAGMENT) cost += ofSelections(selection.selectionSet, type, sized);
      else cost += ofField(selection, type, sized);
    }
    return cost;
  };
  const ofField = (node: FieldNode, parent: GraphQLObjectType, sized: Sized): number => {
    const name = node.name.value;
    const field = parent.getFields()[name];
    if (field === undefined) return schemaCost.get(name) ?? 0;
    const type = getNamedType(field.type);
    if (!isObjectType(type) || node.selectionSet === undefined) return longValueCost.get(name) ?? valueCost;
    const { astNode } = field;
    const declared: ListSize = (astNode && directive && getDirectiveValues(directive, astNode)) ?? {};
    const length = lengthOf(declared, getArgumentValues(field, node, variableValues));
    const inside = declared.sizedFields === undefined ? unsized : { fields: declared.sizedFields, size: length };
    const times = !isList(field) ? 1 : sized.fields.includes(name) ? sized.size : length;
    return times * (1 + ofSelections(node.selectionSet, type, inside));
  };

  const root = schema.getRootType(operation.operation) as GraphQLObjectType;
  const cost = Math.ceil(ofSelections(operation.selectionSet, root, unsized));
  if (cost > costMax)
    throw refusal('graphql_too_costly', `This costs ${cost} points, one for each object and less for its values; ${costMax} is the most.`);
  return cost;
}

function isList({ type }: GraphQLField<unknown, unknown>): boolean {
  return isListType(isNonNullType(type) ? type.ofType : type);
}

/** As its arguments say: a number, or how many ids are given. */
function lengthOf({ assumedSize = 1, slicingArguments = [] }: ListSize, given: Readonly<Record<string, unknown>>): number {
  const values = slicingArguments.map((name) => given[name]).filter((value) => value !== null && value !== undefined);
  const lengths = values.map((value) => (Array.isArray(value) ? value.length : Number(value)));
  return lengths.length === 0 ? assumedSize : Math.max(0, ...lengths);
}
