/** What a form leads to: another page when it is done, the same page with what is wrong otherwise. */
import type { FormFaults } from '@souk/storefront';
import { formFaults } from './form-faults.ts';
import type { Drawn } from './serve-page.ts';

const unprocessable = 422;

export interface SentForm {
  /** Names of the fields that the page shows. */
  shown: readonly string[];
  /** Faults that are found without asking. */
  missing: FormFaults;
  /** Does it. Its refusals are said on the page, where they are about the form. */
  act: () => Promise<Drawn>;
  draw: (faults: FormFaults) => Promise<string>;
}

export async function answerForm({ shown, missing, act, draw }: SentForm): Promise<Drawn> {
  if (Object.keys(missing).length > 0) return { page: await draw(missing), status: unprocessable };
  try {
    return await act();
  } catch (error) {
    const faults = formFaults(error, shown);
    if (faults === undefined) throw error;
    return { page: await draw(faults), status: unprocessable };
  }
}
