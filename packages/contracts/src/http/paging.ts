import Type from 'typebox';

/** The query members every list has. */
export const paging = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20, description: 'How many at most.' })),
  cursor: Type.Optional(
    Type.String({ text_form: 'verbatim', minLength: 1, maxLength: 1_000, description: 'Where to go on; from the Link header.' }),
  ),
  skip: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000, description: 'How many to leave out.' })),
};
