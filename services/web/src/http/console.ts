/** The operations console: a page that everyone may load and that shows nothing without the session of one of the staff. */
import { getConsoleFile, refusal, showConsole, showConsoleEntry, showConsoleScreen } from '@souk/contracts';
import { type Answer, type RouteRequest, type ServedRoute, serve } from '@souk/service-kit';
import type { WebContext } from '../context.ts';
import { consoleAwayPage, consolePage } from '../domain/console-page.ts';
import type { Assets } from '../workers/assets.ts';
import { assetAnswer } from './asset-answer.ts';
import { consoleAnswer } from './page-answer.ts';
import { prefersPage } from './serve-page.ts';

const found = 200;
const notFound = 404;
const unavailable = 503;

export function consoleRoutes(assets: Assets): ServedRoute<WebContext>[] {
  /** The page at the address of this screen; the first one has none. It says itself that there is nothing at an address. */
  const answerAt = async (context: WebContext, request: RouteRequest, screen: string | undefined): Promise<Answer<never>> => {
    const { shop_name } = context.config;
    const files = await context.faces.consoleFiles();
    if ('problem' in files) return consoleAnswer(request, consoleAwayPage(shop_name, files.problem), unavailable);
    const is_known = screen === undefined || files.screens.includes(screen);
    if (!is_known && !prefersPage(request.header('accept'))) throw refusal('not_found', 'The console has no such screen.');
    return consoleAnswer(request, consolePage({ shop_name, icon: assets.page.icon, ...files }), is_known ? found : notFound);
  };
  return [
    serve(showConsole, (context: WebContext, request) => answerAt(context, request as RouteRequest, undefined)),
    serve(showConsoleScreen, (context: WebContext, request) => answerAt(context, request as RouteRequest, request.params.screen)),
    serve(showConsoleEntry, (context: WebContext, request) => answerAt(context, request as RouteRequest, request.params.screen)),
    serve(getConsoleFile, async (context: WebContext, request) => {
      const file = await context.faces.find(request.params.name);
      if (file === undefined) throw refusal('not_found', 'There is no such file.');
      return assetAnswer(file, request);
    }),
  ];
}
