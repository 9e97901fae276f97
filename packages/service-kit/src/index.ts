export { apiKeyIdOf, apiKeyOf, apiKeySecretBytes, looksLikeApiKey } from './auth/api-key.ts';
export { createTokenGuard } from './auth/bearer.ts';
export { type Caller, callerId, callerOf, type Role } from './auth/caller.ts';
export { checkAdmitted, checkScope } from './auth/check-admitted.ts';
export { databaseKeyStore, fileKeyStore, type KeySet, type KeyStore, memoryKeyStore } from './auth/key-store.ts';
export { createOrderLinks, type OrderLinks, showsOrderLink } from './auth/order-links.ts';
export { recordRefusedRequest } from './auth/record-refused-request.ts';
export {
  apiKeyRefused,
  audience,
  createVerifier,
  issuer,
  type TokenFault,
  tokenFaultOf,
  type Verifier,
  type VerifierOptions,
} from './auth/verifier.ts';
export { type ChaosSwitch, openChaosSwitch } from './chaos/chaos-switch.ts';
export { environmentNotices } from './config/environment-notices.ts';
export { readFileVariables } from './config/file-variables.ts';
export {
  type ConfigReferenceRow,
  configReference,
  fileVariablesOf,
  loadConfig,
  loadProcessConfig,
  noticedVariable,
  variablesOf,
} from './config/load-config.ts';
export {
  derivedDefaults,
  PlatformConfig,
  type ProcessConfig,
  platformFields,
  processFields,
  secretField,
  urlField,
} from './config/platform-fields.ts';
export { type Answer, type AnswerOptions, answer, answerContent, answerText, entityTag, noContent } from './http/answer.ts';
export { itemProblem } from './http/batch.ts';
export { checkBodyHeaders } from './http/body.ts';
export { personalCaching, uncached } from './http/caching.ts';
export { createClientErrorHandler } from './http/client-error.ts';
export { type CookieTraits, cookieName, readCookies, writeCookie } from './http/cookies.ts';
export { correlationIdOf } from './http/correlation.ts';
export { discardRest } from './http/discard-rest.ts';
export { createSchemaCheck, type Finding, type SchemaCheck } from './http/findings.ts';
export { createHttpEdge, type HttpEdge, type HttpEdgeOptions, type HttpLimits, type InspectAnswer } from './http/http-edge.ts';
export { readJson } from './http/json-body.ts';
export { inOrderOf, listedIds } from './http/listed-ids.ts';
export { preferredType, prefersEventStream } from './http/negotiation.ts';
export { bodyHash, contentTag, type Effect, once, routeName } from './http/once.ts';
export { decodeCursor, encodeCursor, type Page, page } from './http/paging.ts';
export { checkIfMatch, namesTag } from './http/preconditions.ts';
export { asRefusal, type ProblemAnswer, problemOf, problemType } from './http/problem.ts';
export { checkRequestLine } from './http/request-line.ts';
export { endRequestSpan, startRequestSpan } from './http/request-span.ts';
export type { CallerOf, RouteRequest } from './http/route-request.ts';
export { isSameOrigin, type RequestOrigin } from './http/same-origin.ts';
export { type ServedRoute, serve } from './http/serve.ts';
export {
  type BrowserSession,
  endedSessionCookies,
  forwardedCookies,
  readSession,
  sessionCookies,
} from './http/session-cookies.ts';
export { createQueryReader } from './http/validation.ts';
export { askService, serviceRefusal } from './service/ask-service.ts';
export { idKey, type RecordsPage, type RecordsReader, recordLine, recordsPage } from './service/audit-page.ts';
export { buildService, kitMigrations, type Service, type ServiceSpec } from './service/build-service.ts';
export { type CallContext, type CallOptions, callService, type ServiceAnswer } from './service/call-service.ts';
export { clientHeaders } from './service/client-headers.ts';
export {
  type Overrides,
  openContext,
  openProcessContext,
  type ProcessContext,
  type ProcessOverrides,
  type ServiceContext,
} from './service/context.ts';
export { brokerCheck, type HealthCheck, type HealthReport, type HealthStatus, type RedisConnection } from './service/health.ts';
export { createInstanceDirectory, type InstanceDirectory, type KnownInstance } from './service/instance-directory.ts';
export { processStatus } from './service/instance-status.ts';
export { createJobs, type Job, type JobRunner } from './service/jobs.ts';
export type { OrderRecordsReader } from './service/order-records-route.ts';
export type { Republisher, RepublishPage } from './service/republish.ts';
export { type MainOptions, runMain } from './service/run-main.ts';
export type { RunnableService } from './service/runnable-service.ts';
export { openSharedParts, type SharedParts } from './service/shared-parts.ts';
export { buildStatelessService } from './service/stateless-service.ts';
