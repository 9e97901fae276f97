/** The operations console: one page at several addresses. What it shows it asks of the API, as the person who has signed in. */
import Type from 'typebox';
import { defineRoute } from '../define-route.ts';

const page = {
  method: 'GET',
  service: 'web',
  access: 'public',
  limit: 'read',
  etag: true,
  page: true,
  response_types: ['text/html'],
  responses: { 200: Type.Unknown() },
  errors: ['service_unavailable'],
  query: Type.Object({}, { description: 'Filters and what is open; the page reads them itself.' }),
} as const;

const part = (description: string) => Type.String({ minLength: 1, maxLength: 200, description });

export const showConsole = defineRoute({ ...page, path: '/console', summary: 'The operations console, for staff' });
export const showConsoleScreen = defineRoute({
  ...page,
  path: '/console/{screen}',
  summary: 'A screen of the operations console',
  params: Type.Object({ screen: part('Such as `orders`.') }),
});
export const showConsoleEntry = defineRoute({
  ...page,
  path: '/console/{screen}/{entry}',
  summary: 'One entry of a screen of the operations console',
  params: Type.Object({ screen: part('Such as `orders`.'), entry: part('Its id.') }),
});

export const getConsoleFile = defineRoute({
  method: 'GET',
  service: 'web',
  access: 'public',
  limit: 'asset',
  etag: true,
  path: '/console/files/{name}',
  summary: 'A file that the operations console loads; its name changes with its content',
  params: Type.Object({
    name: Type.String({
      pattern: '^[a-z][a-z-]{0,39}-[A-Z0-9]{8}\\.(?:css|js|woff2)$',
      description: 'Name, hash of the content, kind.',
    }),
  }),
  response_types: ['text/javascript', 'text/css', 'font/woff2'],
  responses: { 200: Type.Unknown() },
});

export const consoleRoutes = [showConsole, showConsoleScreen, showConsoleEntry, getConsoleFile] as const;
