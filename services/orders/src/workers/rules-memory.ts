/** The rules that prices are made by, in memory. Their version is read with the prices: they are read again only where it differs. */
import type { RulesMemory } from '../context.ts';
import { countryCodes } from '../domain/countries.ts';
import { compileRules, type PricingRules } from '../domain/pricing-rules.ts';

export function createRulesMemory(): RulesMemory {
  let kept: PricingRules | undefined;
  let country_codes: ReadonlyMap<string, string> | undefined;
  const codes = (): ReadonlyMap<string, string> => {
    country_codes ??= countryCodes();
    return country_codes;
  };
  return {
    country_codes: codes,
    async of(version, read) {
      if (kept?.version === version) return kept;
      const stored = await read();
      const isUsed = stored.countries.length > 0 || stored.zones.length > 0;
      // What another reader has just put there may be newer; the next to see another version reads again.
      kept = compileRules(stored, isUsed ? codes() : new Map());
      return kept;
    },
  };
}
