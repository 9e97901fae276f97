/** The reference as it is served: each page and document is made when it is first asked for, and then kept. */
import { readFileSync } from 'node:fs';
import * as routes from '@souk/contracts';
import { type ErrorCode, type RouteDeclaration, refusal, type ServiceName } from '@souk/contracts';
import { asyncApiDocument, openApiDocument, operationsOf } from '@souk/contracts/reference';
import { type ServedRoute, serve } from '@souk/service-kit';
import type { WebContext } from '../context.ts';
import { apiLinks, apiLinksPage } from '../domain/api-links-page.ts';
import { eventsPage } from '../domain/events-page.ts';
import { guidesPage } from '../domain/guides-page.ts';
import { framePage, type NavigationEntry, type Page } from '../domain/page-frame.ts';
import { clientCodes, problemCodeOf, problemPage, problemsPage, publishedCodes } from '../domain/problem-pages.ts';
import { servicePage } from '../domain/service-page.ts';
import { schemaText } from '../use-cases/graphql-schema.ts';
import { createPublication, type Publication } from '../workers/publication.ts';
import { publicationAnswer } from './publication-answer.ts';

const jsonType = 'application/json';
const htmlType = 'text/html';

const file = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** All pages and documents of the reference, by what their routes name. */
export function createReference() {
  const operations = operationsOf();
  const { version } = JSON.parse(file('package.json')) as { version: string };
  const services = [...new Set(operations.map(({ route }) => route.service))];
  const navigation: NavigationEntry[] = [
    { path: '/docs', title: 'Guides' },
    ...services.map((name) => ({ path: `/docs/${name}`, title: name })),
    { path: '/docs/events', title: 'Events' },
    { path: '/problems', title: 'Problems' },
  ];
  const page = (make: () => Page): Publication => createPublication(htmlType, () => framePage(make(), navigation));
  const json = (make: () => unknown): Publication => createPublication(jsonType, () => JSON.stringify(make()));
  const codes = publishedCodes();
  const ofService = (name: ServiceName) => operations.filter(({ route }) => route.service === name);
  return {
    links: [json(() => apiLinks), page(apiLinksPage)],
    openapi: json(() => openApiDocument(version)),
    asyncapi: json(() => asyncApiDocument(version)),
    guides: page(() => guidesPage(file('templates/guides.html'))),
    schema: createPublication('text/plain', schemaText),
    events: page(eventsPage),
    services: new Map<string, Publication>(services.map((name) => [name, page(() => servicePage(name, ofService(name)))])),
    problems: [json(() => clientCodes(operations).map(problemCodeOf)), page(() => problemsPage(clientCodes(operations)))],
    problem: new Map<string, readonly Publication[]>(
      codes.map((code: ErrorCode) => [code, [json(() => problemCodeOf(code)), page(() => problemPage(code, operations))]]),
    ),
    assets: new Map([
      ['reference.css', createPublication('text/css', () => file('templates/reference.css'))],
      ['reference.js', createPublication('text/javascript', () => file('templates/reference.js'))],
    ]),
  };
}

export type Reference = ReturnType<typeof createReference>;

export function referenceRoutes(reference: Reference): ServedRoute<WebContext>[] {
  return [
    publish(routes.getApiLinks, () => reference.links),
    publish(routes.getOpenApi, () => reference.openapi),
    publish(routes.getAsyncApi, () => reference.asyncapi),
    publish(routes.getGraphqlSchema, () => reference.schema),
    publish(routes.getGuides, () => reference.guides),
    publish(routes.getEventReference, () => reference.events),
    publish(routes.getReferenceAsset, ({ name = '' }) => reference.assets.get(name)),
    publish(routes.getServiceReference, ({ service = '' }) => reference.services.get(service)),
    publish(routes.listProblems, () => reference.problems),
    publish(routes.getProblem, ({ code = '' }) => reference.problem.get(code)),
  ];
}

/** What is at the address: one thing, or the same in several content types. */
type Found = Publication | readonly Publication[] | undefined;

function publish(route: RouteDeclaration, find: (params: Readonly<Record<string, string>>) => Found): ServedRoute<WebContext> {
  return serve(route, async (_context: WebContext, request) => {
    const found = find((request.params ?? {}) as Readonly<Record<string, string>>);
    if (found === undefined) throw refusal('not_found', 'The reference has no such page.');
    return publicationAnswer(found, request);
  });
}
