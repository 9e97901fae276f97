import Type from 'typebox';

/** How a dispute stands. */
export const DisputeState = Type.Union(
  [Type.Literal('inquiry'), Type.Literal('closed'), Type.Literal('open'), Type.Literal('won'), Type.Literal('lost')],
  {
    description:
      'inquiry, closed: the bank asks, or asked, and takes no money; open: it holds the money back; won: the shop has it again; lost: it is gone.',
  },
);
