import type { IncomingMessage } from 'node:http';
import type { Problem } from '@souk/contracts';
import { problemType } from '@souk/service-kit';
import { pageHeaders, refusalPage, wantsPage } from '../domain/refusal-page.ts';
import type { RouteEntry } from '../route-table.ts';

interface Refused {
  request: IncomingMessage;
  path: string;
  /** Undefined where no route is. */
  entry: RouteEntry | undefined;
}

interface RefusalContent {
  content: string;
  type: string;
  /** Headers of this form. */
  described: Readonly<Record<string, string>>;
}

/** A refusal of the gateway in the form that the client takes: a problem document, or a page. */
export function refusalContent({ request: { method, headers }, path, entry }: Refused, problem: Problem): RefusalContent {
  if (!wantsPage({ method, path, accept: headers.accept, is_page: entry?.page }))
    return { content: JSON.stringify(problem), type: problemType, described: {} };
  return { content: refusalPage(problem, method), type: 'text/html; charset=utf-8', described: pageHeaders };
}
