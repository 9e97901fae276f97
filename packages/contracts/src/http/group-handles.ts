/** All groups by their handles, in parts: for sitemaps. */
import Type, { type Static } from 'typebox';
import { defineRoute } from '../define-route.ts';
import { GroupHandle } from '../fields.ts';

/** Most handles of a part. */
export const groupHandlesMax = 10_000;

const internal = { method: 'GET', service: 'products', access: 'internal', limit: 'none' } as const;

export const GroupHandleParts = Type.Object(
  { starts: Type.Array(GroupHandle, { description: 'The first handle of each part, in order; empty when nothing is sold.' }) },
  { title: 'GroupHandleParts' },
);
export type GroupHandleParts = Static<typeof GroupHandleParts>;

export const divideGroupHandles = defineRoute({
  ...internal,
  path: '/internal/groups/handle-parts',
  summary: 'Where parts of all handles begin',
  responses: { 200: GroupHandleParts },
});
export const listGroupHandles = defineRoute({
  ...internal,
  path: '/internal/groups/handles',
  summary: 'One part of all handles',
  query: Type.Object({ from: GroupHandle }, { additionalProperties: false }),
  responses: { 200: Type.Array(GroupHandle, { maxItems: groupHandlesMax }) },
});

export const groupHandleRoutes = [divideGroupHandles, listGroupHandles] as const;
