/** Rules change one after the other, each change with a new version of all: who prices after its commit sees it. */
import { type ErrorCode, refusal } from '@souk/contracts';
import type { Cause } from '@souk/messaging';
import { type Tx, violatedConstraint } from '@souk/postgres';
import { checkIfMatch } from '@souk/service-kit';
import type { OrdersContext } from '../context.ts';
import { raiseRulesVersion } from '../store/pricing-rules.ts';
import { type ActionNote, noteAction } from './note-action.ts';

/** What the schema refuses of two rules together. */
const refusals: Readonly<Record<string, ErrorCode>> = {
  tax_rates_do_not_overlap: 'tax_rate_overlaps',
  shipping_methods_code_once: 'shipping_method_exists',
};

export interface RuleCommand {
  /** If-Match of the request: the command is for this version of the rule only. */
  if_match?: string | undefined;
  cause: Cause;
}

/** Runs a change under the lock of all rules; what it notes is written down with it. */
export async function changeRules<T>(
  ctx: OrdersContext,
  { cause }: RuleCommand,
  change: (tx: Tx, note: (action: ActionNote) => Promise<void>) => Promise<T>,
): Promise<T> {
  try {
    return await ctx.db.transaction(async (tx) => {
      await raiseRulesVersion(tx);
      return change(tx, (action) => noteAction(ctx, tx, action, cause));
    });
  } catch (error) {
    const code = refusals[violatedConstraint(error) ?? ''];
    throw code === undefined ? error : refusal(code, undefined, {}, error);
  }
}

/** The rule as the client has seen it. Throws `not_found`, `precondition_failed`. */
export function existing<T extends { version: number }>(
  rule: T | undefined,
  what: string,
  { if_match }: Pick<RuleCommand, 'if_match'> = {},
): T {
  if (rule === undefined) throw refusal('not_found', `There is no such ${what}.`);
  checkIfMatch({ if_match }, rule.version);
  return rule;
}

/** Throws `too_many_rules` where so many more do not fit. */
export function checkRoom(there: number, more: number, most: number): void {
  if (there + more > most) throw refusal('too_many_rules', `There may be ${most} of them; there are ${there}.`, { limit: most });
}
