/**
 * The row type beside each statement is what PostgreSQL answers: its columns, their types as the driver reads them, and whether they
 * can be null. Each statement is put to the migrated schema, so that one which PostgreSQL refuses is found as well.
 */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { assembled, neverNull } from './_exceptions.ts';
import { type Finding, judge, type ReadStatement } from './_judge.ts';
import { planted, plantedPath, plantedSource, plantedUnreadable } from './_planted.ts';
import { loadSources } from './_source-program.ts';
import { findStatements, type Statement } from './_statements.ts';
import { textsOf } from './_static-text.ts';

/** Fewer would mean that the search for statements has gone blind. */
const statementsMin = 200;

const read: ReadStatement[] = [];
/** Statements that are not of constants, and the stand-ins that were of use, by path and function. */
const unreadable: string[] = [];
const standInsUsed = new Map<string, Set<string>>();
let findings: Finding[] = [];

before(async () => {
  const { checker, files } = await loadSources(new Map([[plantedPath, plantedSource()]]));
  const readText = (statement: Statement): void => {
    const { where, text } = statement;
    let result = textsOf(text, checker);
    const { stand_ins } = assembled[where] ?? {};
    if (result.texts === undefined && stand_ins !== undefined) {
      result = textsOf(text, checker, stand_ins);
      standInsUsed.set(where, (standInsUsed.get(where) ?? new Set()).union(new Set(result.texts === undefined ? [] : result.used)));
    }
    if (result.texts === undefined) unreadable.push(`${where} (line ${statement.line}): ${result.unresolved}`);
    else read.push({ ...statement, texts: result.texts });
  };
  for (const statement of findStatements({ checker, files })) readText(statement);
  findings = await judge(read, checker);
});

const sentence = ({ column, message }: Finding): string => (column === undefined ? message : `${column} ${message}`);

describe('the check of row types finds', () => {
  planted.forEach(({ title, finding }, index) => {
    it(finding === undefined ? `nothing wrong with ${title}` : title, () => {
      const found = findings.filter(({ where }) => where === `${plantedPath} planted${index}`);
      assert.deepEqual(found.map(sentence), finding === undefined ? [] : [finding]);
    });
  });

  it('a statement that is not made of constants', () => {
    assert.equal(unreadable.filter((one) => one.startsWith(plantedUnreadable)).length, 1);
  });
});

describe('every statement', () => {
  it('is made of constants, or listed with what stands for the rest', (t) => {
    assert.deepEqual(
      unreadable.filter((one) => !one.startsWith(plantedPath)),
      [],
    );
    const found = read.filter(({ path }) => path !== plantedPath);
    assert.ok(found.length > statementsMin, String(found.length));
    t.diagnostic(`${found.length} statements, ${found.filter(({ row }) => row !== undefined).length} of them with a declared row`);
  });

  it('that is listed as assembled is there, and needs all that stands for its parts', () => {
    const used = Object.keys(assembled).map((where) => [where, [...(standInsUsed.get(where) ?? [])].sort()]);
    assert.deepEqual(
      Object.fromEntries(used),
      Object.fromEntries(Object.entries(assembled).map(([where, { stand_ins }]) => [where, Object.keys(stand_ins).sort()])),
    );
  });

  it('answers the row that its caller declares', () => {
    const known = (one: Finding): boolean =>
      Object.hasOwn(neverNull, `${one.where} ${one.column}`) && one.message.startsWith('can be null');
    const faults = findings.filter((one) => !one.where.startsWith(plantedPath));
    assert.deepEqual(
      faults.filter((one) => !known(one)).map((one) => `${one.where} (line ${one.line}): ${sentence(one)}`),
      [],
    );
    assert.deepEqual(
      faults
        .filter(known)
        .map((one) => `${one.where} ${one.column}`)
        .sort(),
      Object.keys(neverNull).sort(),
    );
  });
});
