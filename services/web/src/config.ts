import { loadProcessConfig, processFields } from '@souk/service-kit';
import Type, { type Static } from 'typebox';

export const WebConfig = Type.Object({
  ...processFields,
  faces_folder: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 1_000,
      description: 'Where the built files of the console are; npm start, npm run up and the image set it.',
    }),
  ),
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
  shop_name: Type.String({
    minLength: 1,
    maxLength: 100,
    pattern: '^[^\\u0000-\\u001f\\u007f]*$',
    default: 'Souk',
    description: 'What the shop is called on its pages.',
  }),
  shop_url: Type.Optional(
    Type.String({
      pattern: '^https?://[^\\s/?#@]+/?$',
      examples: ['https://shop.example'],
      description: 'Where the shop is, for search engines; without it, what a request was addressed to.',
    }),
  ),
  shop_time_zone: Type.String({
    minLength: 1,
    maxLength: 60,
    pattern: '^[A-Za-z0-9_+/-]+$',
    default: 'UTC',
    description: 'Time zone of the moments on its pages, such as Europe/Lisbon.',
  }),
  node_env: Type.Optional(Type.String({ maxLength: 100, description: 'Where it runs, as programs for Node call it; production or not.' })),
});
export type WebConfig = Readonly<Static<typeof WebConfig>>;

/** Throws `config_invalid` with every problem at once. */
export function loadWebConfig(): WebConfig {
  return loadProcessConfig('web', WebConfig, process.env);
}
