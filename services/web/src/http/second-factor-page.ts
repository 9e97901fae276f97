/** The page that sets up the second factor of an account, and removes it. */
import {
  confirmSecondFactor,
  disableSecondFactor,
  enrolSecondFactor,
  getSecondFactor,
  type SecondFactor,
  showSecondFactor,
  submitSecondFactor,
} from '@souk/contracts';
import { AppError } from '@souk/kernel';
import type { ServedRoute } from '@souk/service-kit';
import { type FormFaults, type SecondFactorView, secondFactorPage, secondFactorPath } from '@souk/storefront';
import type { WebContext } from '../context.ts';
import type { Assets } from '../workers/assets.ts';
import { type PersonalVisit, servePersonalPage } from './account-pages.ts';
import { answerForm } from './form-answer.ts';
import { type FormBody, readForm, textOf } from './form-body.ts';
import { missingFaults } from './form-faults.ts';
import { type Drawn, seeOther } from './serve-page.ts';

const nothingWrong: FormFaults = Object.freeze({});
const secretForm = /^[A-Z2-7]{16,128}$/;
const uriForm = /^otpauth:\/\/totp\/[\x21-\x7e]{1,500}$/;
/** It was set up or removed in another tab: the page says how it is. */
const overtaken: ReadonlySet<string> = new Set(['second_factor_enabled', 'second_factor_absent']);

export function secondFactorRoutes(assets: Assets): ServedRoute<WebContext>[] {
  return [
    servePersonalPage(showSecondFactor, assets, async (visit, { query }) => drawn(visit, { removed: query.done === 'removed' })),
    servePersonalPage(submitSecondFactor, assets, async (visit, request) => {
      const form = await readForm(request);
      try {
        return await steps[stepOf(form)](visit, form);
      } catch (error) {
        if (error instanceof AppError && overtaken.has(error.code)) return seeOther(secondFactorPath);
        throw error;
      }
    }),
  ];
}

type Step = 'begin' | 'confirm' | 'remove';

function stepOf(form: FormBody): Step {
  const step = form.get('step');
  return step === 'confirm' || step === 'remove' ? step : 'begin';
}

const steps: Readonly<Record<Step, (visit: PersonalVisit, form: FormBody) => Promise<Drawn>>> = {
  begin: (visit, form) =>
    byPassword(visit, form, async (body) => {
      const { secret, otpauth_uri: uri } = (await visit.parts.write(enrolSecondFactor, { body })).body;
      return { page: await drawn(visit, { enrolment: { secret, uri } }) };
    }),
  async confirm(visit, form) {
    const code = textOf(form, 'code')?.replaceAll(' ', '');
    const [secret, uri] = [textOf(form, 'secret') ?? '', textOf(form, 'uri') ?? ''];
    if (!secretForm.test(secret) || !uriForm.test(uri)) return seeOther(secondFactorPath);
    return answerForm({
      shown: ['code'],
      missing: missingFaults({ code }),
      act: async () => {
        const { recovery_codes } = (await visit.parts.write(confirmSecondFactor, { body: { code: code ?? '' } })).body;
        return { page: await drawn(visit, { recovery_codes }) };
      },
      draw: (faults) => drawn(visit, { enrolment: { secret, uri }, faults }),
    });
  },
  remove: (visit, form) =>
    byPassword(visit, form, async (body) => {
      await visit.parts.write(disableSecondFactor, { body });
      return seeOther(`${secondFactorPath}?done=removed`);
    }),
};

async function byPassword(
  visit: PersonalVisit,
  form: FormBody,
  act: (body: { current_password: string }) => Promise<Drawn>,
): Promise<Drawn> {
  const current_password = form.get('current_password') || undefined;
  return answerForm({
    shown: ['current_password'],
    missing: missingFaults({ current_password }),
    act: () => act({ current_password: current_password ?? '' }),
    draw: (faults) => drawn(visit, { faults }),
  });
}

async function drawn({ own, ownFrame: frame }: PersonalVisit, view: Partial<SecondFactorView>): Promise<string> {
  const needsState = view.enrolment === undefined && view.recovery_codes === undefined;
  const state: SecondFactor | undefined = needsState ? await own.optional(async (read) => (await read(getSecondFactor)).body) : undefined;
  const nothing = { enrolment: undefined, recovery_codes: undefined, removed: false, values: {}, faults: nothingWrong };
  return secondFactorPage({ frame, state, ...nothing, ...view });
}
