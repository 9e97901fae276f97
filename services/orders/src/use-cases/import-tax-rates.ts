/** Rates of tax from a CSV file: all of them or none. What is there already in the same words is left alone, so that a file can be imported again. */
import { refusal, type TaxRatesReport } from '@souk/contracts';
import type { OrdersContext } from '../context.ts';
import { type FileRate, type RefusedLine, readRateFile } from '../domain/tax-rate-file.ts';
import { isSameRate, overlapFinder, type TaxRateRow } from '../domain/tax-rates.ts';
import { allRates, insertRates } from '../store/tax-rules.ts';
import { changeRules, checkRoom, type RuleCommand } from './change-rules.ts';
import { ratesMax } from './change-taxes.ts';

const refusalsMax = 100;

/** Throws `csv_invalid`, `too_many_rules`. A refused row is no error: the report says what is wrong with it, and nothing is stored. */
export async function importTaxRates(ctx: OrdersContext, file: AsyncIterable<Buffer>, by: RuleCommand): Promise<TaxRatesReport> {
  const { rates, refused } = readRateFile(await textOf(file), ctx.rules.country_codes());
  const rows = rates.length + refused.length;
  if (refused.length > 0) return report(rows, refused);
  return changeRules(ctx, by, async (tx, note) => {
    const there = await allRates(tx);
    const { added, overlapping } = sorted(rates, there);
    if (overlapping.length > 0) return report(rows, overlapping);
    checkRoom(there.length, added.length, ratesMax);
    await insertRates(
      tx,
      added.map(({ rate }) => ({ id: ctx.ids.uuid(), ...rate })),
    );
    if (added.length > 0) await note({ subject: 'tax_rate', action: 'imported', subject_id: 'file', label: `${added.length}` });
    return { rows, imported: added.length, unchanged: rows - added.length, refusals: [] };
  });
}

function report(rows: number, refusals: readonly RefusedLine[]): TaxRatesReport {
  return { rows, imported: 0, unchanged: 0, refusals: refusals.slice(0, refusalsMax) };
}

/** Which rates are new, and which are valid at a time when another is. */
function sorted(rates: readonly FileRate[], there: readonly TaxRateRow[]): { added: FileRate[]; overlapping: RefusedLine[] } {
  const finder = overlapFinder(there);
  const added: FileRate[] = [];
  const overlapping: RefusedLine[] = [];
  for (const one of rates) {
    const other = finder.find(one.rate);
    if (other === undefined) {
      finder.add(one.rate);
      added.push(one);
    } else if (!isSameRate(other, one.rate))
      overlapping.push({ line: one.line, reason: 'another rate of this name is valid at the same place and time, for the same class' });
  }
  return { added, overlapping };
}

async function textOf(file: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of file) chunks.push(Buffer.from(chunk));
  const bytes = Buffer.concat(chunks);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw refusal('csv_invalid', 'The file is not UTF-8.', {}, error);
  }
}
