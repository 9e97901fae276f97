/** For tests of caches and of whatever stands behind the tier port: a conformance suite and tiers that misbehave. */
export { type ChaosTier, failingTier, hangingTier, slowTier, switchableTier } from './testing/chaos-tiers.ts';
export { cacheTierConformance, type TierUnderTest } from './testing/tier-conformance.ts';
