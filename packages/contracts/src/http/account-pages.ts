/** Pages of the shop for one person: signing in and out, and the own account. They work without script: a form is sent, its answer leads on. */
import Type from 'typebox';
import { defineRoute } from '../define-route.ts';

const page = {
  method: 'GET',
  service: 'web',
  access: 'public',
  limit: 'read',
  etag: true,
  location: true,
  page: true,
  response_types: ['text/html'],
  responses: { 200: Type.Unknown(), 303: null },
} as const;
/** What is wrong with a form is said on its page, with status 422. */
const form = {
  method: 'POST',
  service: 'web',
  access: 'public',
  limit: 'auth',
  page: true,
  location: true,
  body_type: 'application/x-www-form-urlencoded',
  body_bytes_max: 16_384,
  response_types: ['text/html'],
  responses: { 303: null },
  errors: ['form_invalid'],
} as const;

const text = (description: string) => Type.Optional(Type.String({ maxLength: 2_000, description }));
const to = text('The page to return to; anything but a page of this shop is left aside.');
const token = text('Of the link in a mail.');
const done = text('What was done just now.');

export const showSignIn = defineRoute({ ...page, path: '/sign-in', summary: 'The page to sign in', query: Type.Object({ to, done }) });
export const submitSignIn = defineRoute({ ...form, path: '/sign-in', summary: 'Sign in by the form of the page' });
export const submitSignOut = defineRoute({ ...form, limit: 'write', path: '/sign-out', summary: 'Sign out by the form of a page' });
export const showRegister = defineRoute({ ...page, path: '/register', summary: 'The page to open an account', query: Type.Object({ to }) });
export const submitRegister = defineRoute({ ...form, path: '/register', summary: 'Open an account by the form of the page' });
export const showPasswordReset = defineRoute({
  ...page,
  path: '/password-reset',
  summary: 'The page to ask for a link, and the page that the link leads to',
  query: Type.Object({ token, done }),
});
export const submitPasswordReset = defineRoute({
  ...form,
  path: '/password-reset',
  summary: 'Ask for a link, or set a new password by it',
});
export const showVerifyEmail = defineRoute({
  ...page,
  path: '/verify-email',
  summary: 'The page that the link to confirm an address leads to',
  query: Type.Object({ token, done }),
});
export const submitVerifyEmail = defineRoute({ ...form, path: '/verify-email', summary: 'Confirm an address by the form of the page' });
export const showAccount = defineRoute({ ...page, path: '/account', summary: 'The own account' });
export const showAccountOrders = defineRoute({
  ...page,
  path: '/account/orders',
  summary: 'The own orders',
  query: Type.Object({ cursor: text('Where to go on; from the link to the next page.') }),
});
export const showAccountMessages = defineRoute({ ...page, path: '/account/messages', summary: 'The messages that were sent' });
export const showProfile = defineRoute({ ...page, path: '/account/profile', summary: 'The own data', query: Type.Object({ done }) });
export const submitProfile = defineRoute({
  ...form,
  limit: 'write',
  path: '/account/profile',
  summary: 'Change the own data by the form of the page',
});
export const showSecurity = defineRoute({
  ...page,
  path: '/account/security',
  summary: 'Password and sessions',
  query: Type.Object({ done }),
});
export const submitPassword = defineRoute({ ...form, path: '/account/password', summary: 'Change the password by the form of the page' });
export const submitEndSessions = defineRoute({
  ...form,
  limit: 'write',
  path: '/account/sessions',
  summary: 'End all other sessions by the form of the page',
});
export const showSecondFactor = defineRoute({
  ...page,
  path: '/account/second-factor',
  summary: 'The second factor of the own account',
  query: Type.Object({ done }),
});
export const submitSecondFactor = defineRoute({
  ...form,
  path: '/account/second-factor',
  summary: 'Set up the second factor step by step, or remove it, by the form of the page',
  responses: { 200: Type.Unknown(), 303: null },
});
export const showErase = defineRoute({ ...page, path: '/account/erase', summary: 'The page to erase the own account' });
export const submitErase = defineRoute({ ...form, path: '/account/erase', summary: 'Erase the own account by the form of the page' });

export const accountPageRoutes = [
  showSignIn,
  submitSignIn,
  submitSignOut,
  showRegister,
  submitRegister,
  showPasswordReset,
  submitPasswordReset,
  showVerifyEmail,
  submitVerifyEmail,
  showAccount,
  showAccountOrders,
  showAccountMessages,
  showProfile,
  submitProfile,
  showSecurity,
  submitPassword,
  submitEndSessions,
  showSecondFactor,
  submitSecondFactor,
  showErase,
  submitErase,
] as const;
