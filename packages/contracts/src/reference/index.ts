export { type ApiChanges, apiChanges, type DescribedApi } from './api-changes.ts';
export { type AsyncApiDocument, asyncApiDocument, eventExampleOf } from './asyncapi.ts';
export { breakingChanges } from './breaking-changes.ts';
export { exampleOf } from './example-of.ts';
export { type OpenApiDocument, openApiDocument } from './openapi.ts';
export { isPublished, type Operation, operationsOf } from './operations.ts';
export { problemExampleOf } from './problem-example.ts';
export { bodyExampleOf } from './request-examples.ts';
export { type MemberRow, memberRows, schemaWords } from './schema-words.ts';
