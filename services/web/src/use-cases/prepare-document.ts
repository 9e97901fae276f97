/** Documents on their way to be executed: parsed, within the limits, valid. Those that passed are remembered by their hash. */
import { refusal } from '@souk/contracts';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { documentId, readRegisteredDocuments } from '../clients/registered-documents.ts';
import type { WebConfig } from '../config.ts';
import { createRecent } from '../workers/recent.ts';
import { checkDocument, limits } from './document-limits.ts';

/** The document, or the id of a registered one. */
export interface Named {
  text: string | undefined;
  id: string | undefined;
}

/** Throws `InvalidDocument`, `graphql_too_costly`, `document_unknown` and `document_untrusted`. */
export type DocumentSource = (named: Named) => DocumentNode;

const documentsMax = 500;
/** Of one document. */
export const findingsMax = 10;

/** Why a document is no document of this schema. */
export class InvalidDocument extends Error {
  readonly errors: readonly GraphQLError[];
  readonly code: 'graphql_invalid' | 'validation_failed';

  /** `code` says whether it is the document or its variables. */
  constructor(errors: readonly GraphQLError[], code: InvalidDocument['code'] = 'graphql_invalid') {
    super(errors[0]?.message ?? 'The document is not valid.');
    this.errors = errors;
    this.code = code;
  }
}

/** Throws `config_invalid` when a registered document cannot be used. */
export function createDocumentSource(schema: GraphQLSchema, config: WebConfig, introspects: boolean): DocumentSource {
  const prepare = (text: string): DocumentNode => prepareDocument(schema, text, introspects);
  const registered = prepareRegistered(readRegisteredDocuments(config.graphql_documents_path), prepare);
  const recent = createRecent<DocumentNode>(documentsMax);
  return ({ text, id }) => {
    const hash = id ?? documentId(text ?? '');
    const known = registered.get(hash);
    if (known !== undefined) return known;
    if (text === undefined) throw refusal('document_unknown', `No document is registered as ${hash}.`);
    if (config.graphql_documents === 'trusted') throw refusal('document_untrusted');
    const document = recent.get(hash) ?? prepare(text);
    recent.set(hash, document);
    return document;
  };
}

function prepareDocument(schema: GraphQLSchema, text: string, introspects: boolean): DocumentNode {
  const document = parsed(text, false);
  checkDocument(document);
  const rules = introspects ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule];
  const errors = validate(schema, document, rules, { maxErrors: findingsMax, hideSuggestions: !introspects });
  if (errors.length > 0) throw new InvalidDocument(errors);
  // What is kept for long is kept without the places of its parts, which take more room than the parts.
  return parsed(text, true);
}

function parsed(text: string, noLocation: boolean): DocumentNode {
  try {
    return parse(text, { noLocation, maxLexicalTokens: limits.tokens, maxComments: limits.comments });
  } catch (error) {
    if (error instanceof GraphQLError) throw new InvalidDocument([error]);
    throw error;
  }
}

function prepareRegistered(texts: ReadonlyMap<string, string>, prepare: (text: string) => DocumentNode): Map<string, DocumentNode> {
  const documents = new Map<string, DocumentNode>();
  for (const [id, text] of texts) {
    try {
      documents.set(id, prepare(text));
    } catch (error) {
      throw refusal('config_invalid', `The registered document ${id} cannot be used: ${(error as Error).message}`, {}, error);
    }
  }
  return documents;
}
