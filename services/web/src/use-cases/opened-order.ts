/** By what an order is opened: a session of its customer, or a mailed link. */
import { refusal } from '@souk/contracts';
import { AppError } from '@souk/kernel';
import type { LinkedParts, Parts } from './load-parts.ts';

export interface OrderKeys {
  parts: Parts;
  /** Parts that show the mailed link; undefined for a browser without one of this order. */
  linked: LinkedParts | undefined;
}

/** Undefined where it is not there for who asks. */
export async function orNotFound<Loaded>(load: () => Promise<Loaded>): Promise<Loaded | undefined> {
  try {
    return await load();
  } catch (error) {
    if (error instanceof AppError && ['not_found', 'token_invalid'].includes(error.code)) return undefined;
    throw error;
  }
}

/** A link that is not good opens nothing. */
export async function linkIsGood<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof AppError && error.code === 'token_invalid') throw refusal('not_found', undefined, {}, error);
    throw error;
  }
}
