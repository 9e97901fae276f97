/**
 * No pattern is worse than linear: a text four times as long takes about four times as long. Whoever can send a long
 * text could otherwise stop a process for minutes with one request.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Attack, attacksOn } from './_adversarial-inputs.ts';
import { type Found, patternsMadeBy, patternsOfContracts, patternsOfSource } from './_patterns.ts';

/** Patterns whose text has a bound of its own, with the bound. */
const bounded: Readonly<Record<string, string>> = {
  'packages/messaging/src/rabbitmq/topology.ts': 'a reply text of AMQP 0-9-1 is a short string, at most 255 bytes',
  'services/operations/src/http/status-page.ts': 'modules of this repository, read once at start',
  'services/web/src/workers/assets.ts': 'styles of this repository, read once at start',
  'packages/ui/src/template.ts': 'templates of this repository, read once each',
  'services/notifications/src/clients/smtp-sender.ts': 'MAIL_FROM, which has a bound in the configuration',
};
/** Modules that make patterns while they run, and of what. */
const runtimeMakers: Readonly<Record<string, string>> = {
  'packages/service-kit/src/http/http-edge.ts': 'the paths of declared routes',
  'packages/service-kit/src/http/query.ts': 'names of declared query members, judged with the contracts',
  'services/web/src/use-cases/checkout-form.ts': 'declared fields, judged with the contracts',
  'services/web/src/http/orders.ts': 'declared fields, judged with the contracts',
};

const lengths = [24, 200, 1_600, 6_400, 25_600];
const growth = 4;
const slowMs = 5;

/**
 * Milliseconds of CPU of this thread. By the clock, a long run on a busy machine is interrupted and a short one is not, which looks like a
 * pattern that is worse than linear.
 */
function timeOf(pattern: RegExp, { prefix, pump, suffix }: Attack, length: number): number {
  const text = prefix + pump.repeat(Math.ceil(length / pump.length)) + suffix;
  const before = process.threadCpuUsage();
  text.replace(pattern, '');
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}

/** The shortest of several runs: a collection of garbage or a cold cache only adds. */
function leastTimeOf(pattern: RegExp, attack: Attack, length: number): number {
  return Math.min(...[1, 2, 3].map(() => timeOf(pattern, attack, length)));
}

function isWorseThanLinear(pattern: RegExp, attack: Attack): boolean {
  for (const length of lengths) {
    if (timeOf(pattern, attack, length) < slowMs) continue;
    // A ratio that is not clear yet, because the short text was slowed by something else, is clear at the next length. One that is clear
    // because the long text was slowed by something else is not so again and again.
    const isClear = (): boolean => {
      const now = leastTimeOf(pattern, attack, length);
      return now >= slowMs && now / leastTimeOf(pattern, attack, length / growth) > 2 * growth;
    };
    if (isClear() && isClear() && isClear()) return true;
  }
  return false;
}

/** The attack that works, if any does. */
function weaknessOf({ source, flags }: RegExp): Attack | undefined {
  const pattern = new RegExp(source, flags.replace('y', ''));
  return attacksOn(pattern).find((attack) => isWorseThanLinear(pattern, attack));
}

function weaknesses(found: readonly Found[]): string[] {
  return found.flatMap(({ where, pattern }) => {
    const attack = weaknessOf(pattern);
    return attack === undefined ? [] : [`${where} ${pattern} on ${JSON.stringify(attack)}`];
  });
}

describe('a pattern', () => {
  const weak: RegExp[] = [
    /0+$/,
    /^-+|-+$/g,
    /\s+$/,
    /^(a+)+$/,
    /%.*$/,
    /<([^>]*)>\s*;\s*rel="?next"?/,
    /<(?:td|th)\b[^>]*>/gi,
    /<\/?(?:p|div|br)\b[^>]*>/gi,
    /<(script|style)\b[^>]*>[\s\S]*?(?:<\/\1\s*>|$)/gi,
    /[^\s<>"`=(),;:/\\[\]]+@[^\s<>"'`=(),;:/\\[\]@]+\.[a-z]{2,}/gi,
    /eyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g,
    /, (?:\.\.\.)?".*" is not valid JSON$/s,
  ];
  for (const pattern of weak) it(`is found out: ${pattern}`, () => assert.ok(weaknessOf(pattern)));

  it('that is linear is none of them', () => {
    for (const pattern of [/[\p{L}\p{N}]+/gu, /^(-?)(\d+)(?:\.(\d+))?$/, /"[^"]*"/g, /:\/\/[^\s/@"\\]+@/g])
      assert.equal(weaknessOf(pattern), undefined);
  });
});

describe('no pattern is worse than linear', () => {
  it('of the source of packages and services', async () => {
    const { literals, makers } = await patternsOfSource();
    assert.ok(literals.length > 100, String(literals.length));
    const made: Found[] = [];
    // One after the other: what two of them make at the same time could not be distinguished.
    for (const path of makers.filter((one) => !Object.hasOwn(runtimeMakers, one))) made.push(...(await patternsMadeBy(path)));
    assert.deepEqual(
      Object.keys(runtimeMakers).filter((path) => !makers.includes(path)),
      [],
    );
    assert.ok(made.length > 20, `${made.length} made`);
    const judged = [...literals, ...made].filter(({ where }) => !Object.hasOwn(bounded, where.split(':')[0] ?? ''));
    assert.deepEqual(weaknesses(judged), []);
  });

  it('of what routes and events take', () => {
    const found = patternsOfContracts();
    assert.ok(found.length > 15, String(found.length));
    assert.deepEqual(weaknesses(found), []);
  });
});
