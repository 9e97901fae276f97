/** Signing in and out, opening an account, and what mailed links lead to: pages and their forms. */
import {
  confirmPasswordReset,
  registerUser,
  requestPasswordReset,
  showPasswordReset,
  showRegister,
  showSignIn,
  showVerifyEmail,
  submitPasswordReset,
  submitRegister,
  submitSignIn,
  submitSignOut,
  submitVerifyEmail,
  verifyEmail,
} from '@souk/contracts';
import type { ServedRoute } from '@souk/service-kit';
import {
  accountPath,
  type FormFaults,
  homePath,
  passwordResetPage,
  passwordResetPath,
  registerPage,
  registerPath,
  signInPage,
  signInPath,
  verifyEmailPage,
  verifyEmailPath,
} from '@souk/storefront';
import type { WebContext } from '../context.ts';
import { returnPath } from '../domain/return-path.ts';
import { loadCategories } from '../use-cases/load-pages.ts';
import { signIn, signOut } from '../use-cases/session.ts';
import type { Assets } from '../workers/assets.ts';
import { answerForm } from './form-answer.ts';
import { readForm, textOf } from './form-body.ts';
import { missingFaults } from './form-faults.ts';
import { cookiesOfSignIn, forgottenCookies } from './kept-cart.ts';
import { seeOther, servePage, type Visit } from './serve-page.ts';
import { forgetPages } from './session.ts';
import { endedCookies, refreshTokenOf } from './visit.ts';

const nothingWrong: FormFaults = Object.freeze({});
const frameOf = async ({ frame, parts }: Visit, path: string) => frame(path, await loadCategories(parts));

export function signInRoutes(assets: Assets): ServedRoute<WebContext>[] {
  return [
    servePage(showSignIn, assets, async (visit, { query }) => {
      const to = returnPath(query.to);
      const person = await visit.person();
      if (person !== undefined && person.user?.kind !== 'guest') return seeOther(to ?? accountPath);
      const notice = query.done === 'reset_done' || query.done === 'erased' ? query.done : undefined;
      return signInPage({ frame: await frameOf(visit, signInPath), to, needs_code: false, notice, values: {}, faults: nothingWrong });
    }),
    servePage(submitSignIn, assets, async (visit, request) => {
      const form = await readForm(request);
      const login = textOf(form, 'login');
      const password = form.get('password') || undefined;
      const code = textOf(form, 'code')?.replaceAll(' ', '');
      const to = returnPath(form.get('to'));
      return answerForm({
        shown: ['login', 'password', 'code'],
        missing: missingFaults({ login, password }),
        act: async () => {
          const tokens = await signIn(visit.parts, { login: login ?? '', password: password ?? '', ...(code !== undefined && { code }) });
          return seeOther(to ?? accountPath, { cookies: await cookiesOfSignIn(visit, request, tokens), headers: forgetPages });
        },
        draw: async (faults) => {
          const needs_code = Object.hasOwn(faults, 'code') || form.get('with_code') === 'true';
          const frame = await frameOf(visit, signInPath);
          return signInPage({ frame, to, needs_code, notice: undefined, values: { login: login ?? '' }, faults });
        },
      });
    }),
    servePage(submitSignOut, assets, async ({ context, parts }, request) => {
      await signOut(context, parts, refreshTokenOf(request));
      return seeOther(homePath, { cookies: forgottenCookies(request), headers: forgetPages });
    }),
    ...registrationRoutes(assets),
    ...mailedLinkRoutes(assets),
  ];
}

function registrationRoutes(assets: Assets): ServedRoute<WebContext>[] {
  return [
    servePage(showRegister, assets, async (visit, { query }) =>
      registerPage({ frame: await frameOf(visit, registerPath), to: returnPath(query.to), values: {}, faults: nothingWrong }),
    ),
    servePage(submitRegister, assets, async (visit, request) => {
      const form = await readForm(request);
      const [full_name, email, username, phone] = ['full_name', 'email', 'username', 'phone'].map((name) => textOf(form, name));
      const password = form.get('password') || undefined;
      const to = returnPath(form.get('to'));
      const needed = { full_name, email, username, password };
      return answerForm({
        shown: ['full_name', 'email', 'username', 'phone', 'password'],
        missing: missingFaults(needed),
        act: async () => {
          const body = { full_name: full_name ?? '', email: email ?? '', username: username ?? '', password: password ?? '' };
          await visit.parts.write(registerUser, { body: phone === undefined ? body : { ...body, phone } });
          const tokens = await signIn(visit.parts, { login: body.username, password: body.password });
          return seeOther(to ?? accountPath, { cookies: await cookiesOfSignIn(visit, request, tokens), headers: forgetPages });
        },
        draw: async (faults) => {
          const values = { full_name: full_name ?? '', email: email ?? '', username: username ?? '', phone: phone ?? '' };
          return registerPage({ frame: await frameOf(visit, registerPath), to, values, faults });
        },
      });
    }),
  ];
}

function mailedLinkRoutes(assets: Assets): ServedRoute<WebContext>[] {
  const resetPage = async (visit: Visit, view: { token: string | undefined; sent?: boolean; email?: string; faults?: FormFaults }) => {
    const { token, sent = false, email = '', faults = nothingWrong } = view;
    return passwordResetPage({ frame: await frameOf(visit, passwordResetPath), token, sent, values: { email }, faults });
  };
  const verifyPage = async (visit: Visit, view: { token: string | undefined; done?: boolean; faults?: FormFaults }) => {
    const { token, done = false, faults = nothingWrong } = view;
    return verifyEmailPage({ frame: await frameOf(visit, verifyEmailPath), token, done, values: {}, faults });
  };
  return [
    servePage(showPasswordReset, assets, (visit, { query }) => resetPage(visit, { token: query.token, sent: query.done === 'sent' })),
    servePage(submitPasswordReset, assets, async (visit, request) => {
      const form = await readForm(request);
      const token = textOf(form, 'token');
      const email = textOf(form, 'email');
      const password = form.get('password') || undefined;
      return answerForm({
        shown: token === undefined ? ['email'] : ['password'],
        missing: token === undefined ? missingFaults({ email }) : missingFaults({ password }),
        act: async () => {
          if (token === undefined) {
            await visit.parts.write(requestPasswordReset, { body: { email: email ?? '' } });
            return seeOther(`${passwordResetPath}?done=sent`);
          }
          await visit.parts.write(confirmPasswordReset, { body: { token, password: password ?? '' } });
          return seeOther(`${signInPath}?done=reset_done`, { cookies: endedCookies(request) });
        },
        draw: (faults) => resetPage(visit, { token, email: email ?? '', faults }),
      });
    }),
    servePage(showVerifyEmail, assets, (visit, { query }) => verifyPage(visit, { token: query.token, done: query.done === 'verified' })),
    servePage(submitVerifyEmail, assets, async (visit, request) => {
      const token = textOf(await readForm(request), 'token');
      return answerForm({
        shown: [],
        missing: token === undefined ? { form: 'secret_invalid' } : nothingWrong,
        act: async () => {
          await visit.parts.write(verifyEmail, { body: { token: token ?? '' } });
          return seeOther(`${verifyEmailPath}?done=verified`);
        },
        draw: (faults) => verifyPage(visit, { token, faults }),
      });
    }),
  ];
}
