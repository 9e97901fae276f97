import { loadProcessConfig, processFields } from '@souk/service-kit';
import Type, { type Static } from 'typebox';

export const WebConfig = Type.Object({
  ...processFields,
  graphql_documents: Type.Union([Type.Literal('any'), Type.Literal('trusted')], {
    default: 'any',
    description: 'Which GraphQL documents are answered; trusted takes registered ones alone.',
  }),
  graphql_documents_path: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 1_000,
      description: 'Registered GraphQL documents: a folder of .graphql files, or a JSON file of texts by their SHA-256.',
    }),
  ),
  graphql_introspection: Type.Optional(
    Type.Boolean({ description: 'Whether GraphQL clients may ask for the schema; default unless NODE_ENV is production.' }),
  ),
  node_env: Type.Optional(Type.String({ maxLength: 100, description: 'Where it runs, as programs for Node call it; production or not.' })),
});
export type WebConfig = Readonly<Static<typeof WebConfig>>;

/** Throws `config_invalid` with every problem at once. */
export function loadWebConfig(): WebConfig {
  return loadProcessConfig('web', WebConfig, process.env);
}
