/**
 * Filters whose names are made of what products say of themselves: `attribute.wood=oak`, `option.size=M`. A name that comes again means
 * one value or the other; different names must all match, on one and the same product.
 */
import Type, { type Static, type TObject, type TProperties, type TUnsafe } from 'typebox';
import { attributeKey } from '../attribute-key.ts';
import { AttributeValue } from '../fields.ts';

/** Most names of such filters in one request, and most values of one of them. */
export const matchNamesMax = 8;
export const matchValuesMax = 20;

const values = (description: string) =>
  Type.Array({ ...AttributeValue, minLength: 1 }, { minItems: 1, maxItems: matchValuesMax, description });

/** By the pattern of their names. */
const matchFilters = {
  [`^attribute\\.${attributeKey}$`]: values('Values of the attribute of this name; one of them must match.'),
  [`^option\\.${attributeKey}$`]: values('Values of the option of this name; one of them must match.'),
};

export type MatchFilters = Partial<Record<`attribute.${string}` | `option.${string}`, string[]>>;

/** The query of a list with these members and the filters. */
export function queryWithMatches<P extends TProperties>(members: P): TUnsafe<Static<TObject<P>> & MatchFilters> {
  const schema: unknown = Type.Object(members, { additionalProperties: false, patternProperties: matchFilters });
  return schema as TUnsafe<Static<TObject<P>> & MatchFilters>;
}
