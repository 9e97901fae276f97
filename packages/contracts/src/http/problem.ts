import Type, { type Static } from 'typebox';
import { Quote } from './quotes.ts';

/** The problem document (RFC 9457) every error answers with. */
export const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    instance: Type.String(),
    code: Type.String(),
    correlation_id: Type.String(),
    current: Type.Optional(Type.Unknown({ description: 'What is there now, where the route says so: the resource, or what names it.' })),
    errors: Type.Optional(Type.Array(Type.Object({ pointer: Type.String(), detail: Type.String() }))),
    quote: Type.Optional(Quote),
  },
  { title: 'Problem' },
);
export type Problem = Static<typeof Problem>;
