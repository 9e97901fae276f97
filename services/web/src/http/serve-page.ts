/** A route that is a page of the shop: drawn for who looks at it, or a page that says why there is none. */
import { errorEntry, type RouteDeclaration, refusal } from '@souk/contracts';
import { AppError } from '@souk/kernel';
import { type Answer, answer, preferredType, type RouteRequest, type ServedRoute, serve } from '@souk/service-kit';
import {
  type CategoryEntry,
  type FrameView,
  type RefusalKind,
  refusalPage,
  type ShownPerson,
  type Tongue,
  tongueFor,
} from '@souk/storefront';
import type { WebContext } from '../context.ts';
import { piecesIn } from '../domain/cart.ts';
import { loadCategories } from '../use-cases/load-pages.ts';
import type { Parts } from '../use-cases/load-parts.ts';
import { loadPerson, type SignedIn } from '../use-cases/session.ts';
import type { Assets } from '../workers/assets.ts';
import { cartOf, noCartCookies } from './cart-cookie.ts';
import { pageAnswer, type SentPage } from './page-answer.ts';
import { originOfShop } from './shop-origin.ts';
import { endedCookies, partsFor } from './visit.ts';

/** One request for a page. */
export interface Visit {
  readonly context: WebContext;
  readonly tongue: Tongue;
  readonly parts: Parts;
  /** Who is signed in, as `users` says it now; undefined for a stranger, also after the session has been ended elsewhere. */
  readonly person: () => Promise<SignedIn | undefined>;
  readonly frame: (canonical: string, categories: readonly CategoryEntry[] | undefined) => Promise<FrameView>;
  /** Values of `Set-Cookie`: the session of the browser has been ended elsewhere. */
  readonly cookies: () => Promise<readonly string[]>;
}

/** The text of a page, or with what else is sent of it; or an answer that is none, such as a redirect. */
export type Drawn = string | Omit<SentPage, 'tongue'> | Answer<never>;

const jsonType = 'application/json';
const htmlType = 'text/html';
const retryAfterS = '5';

export function servePage<R extends RouteDeclaration>(
  route: R,
  assets: Assets,
  draw: (visit: Visit, request: RouteRequest<R>) => Promise<Drawn>,
): ServedRoute<WebContext> {
  const handler = (context: WebContext, request: RouteRequest<R>): Promise<Answer<never>> =>
    answerPage(
      visitOf(context, assets, request as RouteRequest),
      request as RouteRequest,
      (visit) => draw(visit, request),
      () => {
        throw refusal('not_found');
      },
    );
  return serve(route, handler as Parameters<typeof serve<R, WebContext>>[1]);
}

export function visitOf(context: WebContext, assets: Assets, request: RouteRequest): Visit {
  const tongue = tongueFor(request.header('accept-language'));
  const parts = partsFor(context, request);
  const loading = loadPerson(parts);
  const { shop_name, shop_time_zone: time_zone } = context.config;
  const { cart } = cartOf(request);
  const cart_pieces = cart === undefined ? 0 : piecesIn(cart);
  const origin = originOfShop(context.config, (name) => request.header(name));
  const person = async (): Promise<SignedIn | undefined> => {
    const found = await loading;
    return found === 'ended' ? undefined : found;
  };
  return {
    context,
    tongue,
    parts,
    person,
    frame: async (canonical, categories) => {
      const found = await person();
      const shown = { tongue, shop_name, time_zone, origin, assets: assets.page, canonical, categories };
      return { ...shown, cart_pieces, person: found && shownPerson(found) };
    },
    cookies: async () =>
      (await loading) === 'ended' ? [...endedCookies(request), ...(cart?.saved === undefined ? [] : noCartCookies(request))] : [],
  };
}

function shownPerson({ user }: SignedIn): ShownPerson {
  return { full_name: user?.full_name, is_guest: user?.kind === 'guest' };
}

/** 303: what was sent is done, and is read at another address. */
export function seeOther(
  location: string,
  options: { cookies?: readonly string[]; headers?: Readonly<Record<string, string>> } = {},
): Answer<never> {
  return answer(303, undefined as never, { location, ...options });
}

/** The page, what there is instead of it, or a page that says why there is none. */
export async function answerPage(
  visit: Visit,
  request: RouteRequest,
  draw: (visit: Visit) => Promise<Drawn | undefined>,
  otherwise: () => Promise<Answer<never>>,
): Promise<Answer<never>> {
  const { tongue } = visit;
  try {
    const drawn = await draw(visit);
    if (drawn === undefined) return await otherwise();
    if (typeof drawn !== 'string' && !('page' in drawn)) return drawn;
    const page = typeof drawn === 'string' ? { page: drawn } : drawn;
    return await pageAnswer(request, { ...page, tongue, cookies: [...(await visit.cookies()), ...(page.cookies ?? [])] });
  } catch (error) {
    const refused = refusalOf(error);
    if (refused === undefined || !prefersPage(request.header('accept'))) throw error;
    const frame = await visit.frame(request.url, await loadCategories(visit.parts));
    const page = refusalPage({ frame, kind: refused.kind });
    const headers = refused.status === 503 || refused.status === 429 ? { 'retry-after': retryAfterS } : {};
    return pageAnswer(request, { page, tongue, status: refused.status, headers, cookies: await visit.cookies() });
  }
}

/** Undefined for a fault of ours. */
function refusalOf(error: unknown): { kind: RefusalKind; status: number } | undefined {
  const status = error instanceof AppError ? errorEntry(error.code)?.status : undefined;
  if (status === 404) return { kind: 'not_found', status };
  if (status === 429) return { kind: 'too_many', status };
  if (status === 503) return { kind: 'away', status };
  return status === 400 ? { kind: 'invalid', status } : undefined;
}

/** Clients of the API get problem documents; a browser says that it prefers HTML. */
export function prefersPage(accept: string | undefined): boolean {
  try {
    return preferredType(accept, [jsonType, htmlType]) === htmlType;
  } catch {
    // It takes neither: a problem is a problem.
    return false;
  }
}
