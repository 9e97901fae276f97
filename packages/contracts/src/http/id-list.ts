import Type, { type TString } from 'typebox';
import { ProductId } from '../fields.ts';

/** Most ids of one query member: with so many the address is half as long as it may be. */
export const idListMax = 100;

const uuid = String((ProductId as { pattern?: string }).pattern).slice(1, -1);

/** A query member that asks for many of a kind at once, such as `ids`. */
export function idList(of: string, answered = 'The answer has all of them, in this order; unknown ones are left out.'): TString {
  return Type.String({
    text_form: 'verbatim',
    pattern: `^(?:${uuid})(?:,${uuid}){0,${idListMax - 1}}$`,
    description: `At most ${idListMax} ids of ${of}, separated by commas. It comes alone. ${answered}`,
  });
}
