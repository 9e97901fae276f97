import Type, { type Static } from 'typebox';
import { defineRoute } from '../define-route.ts';
import { AttributeValue } from '../fields.ts';
import { FacetName, facetNamesMax } from './categories.ts';
import { groupFilters } from './facets.ts';
import { queryWithMatches } from './match-filters.ts';

/** Most values of one name, and most groups that are looked at. */
export const facetValuesMax = 50;
export const facetGroupsMax = 5_000;

const count = (description: string) => Type.Integer({ minimum: 0, description });

export const GroupFacets = Type.Object(
  {
    group_count: count('How many groups the filters let through, as far as they were looked at.'),
    more: Type.Boolean({ description: `There are more than ${facetGroupsMax}, which were looked at; each count may be too low.` }),
    facets: Type.Array(
      Type.Object({
        name: FacetName,
        more: Type.Boolean({ description: 'There are more values than are listed.' }),
        values: Type.Array(
          Type.Object({ value: AttributeValue, group_count: count('How many groups there are with this value beside the other filters.') }),
          { maxItems: facetValuesMax, description: 'Those of most groups first.' },
        ),
      }),
      { maxItems: facetNamesMax },
    ),
  },
  { title: 'GroupFacets' },
);
export type GroupFacets = Static<typeof GroupFacets>;

export const countGroupFacets = defineRoute({
  method: 'GET',
  path: '/api/groups/facets',
  service: 'products',
  summary: 'What there is to filter groups by: names and values with the number of groups, each name without its own filter',
  access: 'public',
  scope: 'products:read',
  limit: 'read',
  cache: 'public',
  query: queryWithMatches(groupFilters),
  responses: { 200: GroupFacets },
  errors: ['amount_invalid'],
});
