/** The own account: pages that are drawn for the person who is signed in, and for no one else. */
import {
  changeUser,
  deleteUser,
  endOtherSessions,
  getNotificationHistory,
  listOrders,
  listSessions,
  type RouteDeclaration,
  refusal,
  showAccount,
  showAccountMessages,
  showAccountOrders,
  showErase,
  showProfile,
  showSecurity,
  submitEndSessions,
  submitErase,
  submitPassword,
  submitProfile,
  type User,
} from '@souk/contracts';
import { AppError } from '@souk/kernel';
import type { RouteRequest, ServedRoute } from '@souk/service-kit';
import {
  accountMessagesPage,
  accountOrdersPage,
  accountPage,
  erasePage,
  type FormFaults,
  type FrameView,
  profilePage,
  profilePath,
  returningTo,
  securityPage,
  securityPath,
  signInPath,
} from '@souk/storefront';
import type { WebContext } from '../context.ts';
import { loadCategories } from '../use-cases/load-pages.ts';
import type { PersonalReaders } from '../use-cases/load-parts.ts';
import type { Assets } from '../workers/assets.ts';
import { answerForm } from './form-answer.ts';
import { readForm, textOf } from './form-body.ts';
import { missingFaults } from './form-faults.ts';
import { forgottenCookies } from './kept-cart.ts';
import { type Drawn, seeOther, servePage, type Visit } from './serve-page.ts';
import { forgetPages } from './session.ts';
import { endedCookies } from './visit.ts';

export interface PersonalVisit extends Visit {
  readonly own: PersonalReaders;
  readonly user: User;
  readonly ownFrame: FrameView;
}

const ordersMax = 20;
const nothingWrong: FormFaults = Object.freeze({});
/** Forms are read at the address of their page. */
const pageOfForm: Readonly<Record<string, string>> = { '/account/password': securityPath, '/account/sessions': securityPath };

/** A page of the person who is signed in; a stranger is led to the sign-in and back. */
export function servePersonalPage<R extends RouteDeclaration>(
  route: R,
  assets: Assets,
  draw: (visit: PersonalVisit, request: RouteRequest<R>) => Promise<Drawn>,
): ServedRoute<WebContext> {
  return servePage(route, assets, async (visit, request) => {
    const { person: own } = visit.parts;
    const [person, categories] = await Promise.all([visit.person(), loadCategories(visit.parts)]);
    const path = pageOfForm[route.path] ?? (route.method === 'GET' ? (request as RouteRequest).url : route.path);
    const toSignIn = async () => seeOther(returningTo(signInPath, path), { cookies: await visit.cookies() });
    if (own === undefined || person === undefined) return toSignIn();
    if (person.user === undefined) throw refusal('service_unavailable', 'The account cannot be read at the moment.');
    const ownFrame = await visit.frame(route.path, categories);
    try {
      return await draw({ ...visit, own, user: person.user, ownFrame }, request);
    } catch (error) {
      // The session was ended while the page was made.
      if (error instanceof AppError && error.code === 'token_invalid')
        return seeOther(returningTo(signInPath, path), { cookies: endedCookies(request as RouteRequest) });
      throw error;
    }
  });
}

export function accountRoutes(assets: Assets): ServedRoute<WebContext>[] {
  return [
    servePersonalPage(showAccount, assets, async ({ ownFrame: frame, user }) => accountPage({ frame, user })),
    servePersonalPage(showAccountOrders, assets, async ({ own, user, ownFrame: frame }, { query: { cursor } }) => {
      // Staff may read all orders; here are those of the person.
      const query = { user_id: user.id, limit: ordersMax, ...(cursor !== undefined && { cursor }) };
      const list = await own.optional((read) => read(listOrders, { query }));
      return accountOrdersPage({ frame, orders: list?.body, next_cursor: list?.next_cursor ?? null, is_first: cursor === undefined });
    }),
    servePersonalPage(showAccountMessages, assets, async ({ own, user, ownFrame: frame }) => {
      const found = await own.optional(async (read) => (await read(getNotificationHistory, { query: { user_id: user.id } })).body);
      return accountMessagesPage({ frame, messages: found?.notifications });
    }),
    ...profileRoutes(assets),
    ...securityRoutes(assets),
    ...erasureRoutes(assets),
  ];
}

function profileRoutes(assets: Assets): ServedRoute<WebContext>[] {
  return [
    servePersonalPage(showProfile, assets, async ({ ownFrame: frame, user }, { query }) =>
      profilePage({ frame, user, saved: query.done === 'saved', values: {}, faults: nothingWrong }),
    ),
    servePersonalPage(submitProfile, assets, async ({ parts, user, ownFrame: frame }, request) => {
      const form = await readForm(request);
      const [full_name, username, email, phone] = ['full_name', 'username', 'email', 'phone'].map((name) => textOf(form, name));
      const current_password = form.get('current_password') || undefined;
      const values = { full_name: full_name ?? '', username: username ?? '', email: email ?? '', phone: phone ?? '' };
      return answerForm({
        shown: ['full_name', 'username', 'email', 'phone', 'current_password'],
        missing: missingFaults({ full_name, username, email }),
        act: async () => {
          const body = { ...values, phone: phone ?? null, ...(current_password !== undefined && { current_password }) };
          await parts.write(changeUser, { params: { user_id: user.id }, body });
          return seeOther(`${profilePath}?done=saved`);
        },
        draw: async (faults) => profilePage({ frame, user, saved: false, values, faults }),
      });
    }),
  ];
}

function securityRoutes(assets: Assets): ServedRoute<WebContext>[] {
  const draw = async ({ own, ownFrame: frame }: PersonalVisit, done: string | undefined, faults: FormFaults): Promise<string> => {
    const sessions = await own.optional(async (read) => (await read(listSessions)).body);
    const notice = done === 'password_changed' || done === 'sessions_ended' ? done : undefined;
    return securityPage({ frame, sessions, notice, values: {}, faults });
  };
  return [
    servePersonalPage(showSecurity, assets, (visit, { query }) => draw(visit, query.done, nothingWrong)),
    servePersonalPage(submitPassword, assets, async (visit, request) => {
      const form = await readForm(request);
      const current_password = form.get('current_password') || undefined;
      const password = form.get('password') || undefined;
      return answerForm({
        shown: ['current_password', 'password'],
        missing: missingFaults({ current_password, password }),
        act: async () => {
          const body = { current_password: current_password ?? '', password: password ?? '' };
          await visit.parts.write(changeUser, { params: { user_id: visit.user.id }, body });
          return seeOther(`${securityPath}?done=password_changed`);
        },
        draw: (faults) => draw(visit, undefined, faults),
      });
    }),
    servePersonalPage(submitEndSessions, assets, async (visit) => {
      await visit.parts.write(endOtherSessions);
      return seeOther(`${securityPath}?done=sessions_ended`);
    }),
  ];
}

function erasureRoutes(assets: Assets): ServedRoute<WebContext>[] {
  return [
    servePersonalPage(showErase, assets, async ({ ownFrame: frame }) => erasePage({ frame, values: {}, faults: nothingWrong })),
    servePersonalPage(submitErase, assets, async ({ parts, user, tongue, ownFrame: frame }, request) => {
      const form = await readForm(request);
      const current_password = form.get('current_password') || undefined;
      const isConfirmed = textOf(form, 'confirm')?.toLocaleUpperCase(tongue.locale) === tongue.words.account.erase_word;
      const missing = user.kind === 'guest' ? nothingWrong : missingFaults({ current_password });
      return answerForm({
        shown: ['confirm', 'current_password'],
        missing: isConfirmed ? missing : { ...missing, confirm: 'confirm' },
        act: async () => {
          await parts.write(deleteUser, { params: { user_id: user.id }, body: current_password === undefined ? {} : { current_password } });
          return seeOther(`${signInPath}?done=erased`, { cookies: forgottenCookies(request as RouteRequest), headers: forgetPages });
        },
        draw: async (faults) => erasePage({ frame, values: {}, faults }),
      });
    }),
  ];
}
