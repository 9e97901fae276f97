/** Many writes in one request: each item has a result of its own, in the order of the items. */
import Type, { type TObject, type TSchema } from 'typebox';
import { Nullable } from '../fields.ts';
import { Problem } from './problem.ts';

/** Most items of one request. */
const batchItemsMax = 100;

export const batchOf = <Item extends TObject>(item: Item, title: string) =>
  Type.Object({ items: Type.Array(item, { minItems: 1, maxItems: batchItemsMax }) }, { additionalProperties: false, title });

/** The answer: for each item the status the single route would have answered with, and what was written or why it was refused. */
export const batchResults = <Name extends string, Written extends TSchema>(name: Name, written: Written, title: string) =>
  Type.Array(
    Type.Object(
      {
        status: Type.Integer({ description: 'As the route for one would have answered.' }),
        ...({ [name]: Nullable(written) } as Record<Name, ReturnType<typeof Nullable<Written>>>),
        problem: Nullable(Problem),
      },
      { title },
    ),
  );
