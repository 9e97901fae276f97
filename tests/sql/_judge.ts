/** Puts statements to PostgreSQL and compares what it answers with what their callers declare. */
import type ts from 'typescript';
import { databaseOf, inDatabase } from './_databases.ts';
import { type Description, describeStatements } from './_describe.ts';
import { faultsOf } from './_row-faults.ts';
import type { Statement } from './_statements.ts';
import { type Kind, kindsOf } from './_value-kinds.ts';

/** A statement with the texts it can have. */
export interface ReadStatement extends Statement {
  texts: readonly string[];
}

export interface Finding {
  where: string;
  line: number;
  /** Absent where PostgreSQL does not take the statement at all. */
  column?: string;
  message: string;
}

/** Statements PREPARE does not take; they answer no rows. */
const command = /^\s*(lock|create|drop|alter|set|begin|commit|rollback)\b/i;

export async function judge(statements: readonly ReadStatement[], checker: ts.TypeChecker): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [name, group] of Map.groupBy(statements, ({ path }) => databaseOf(path))) {
    const { descriptions, kinds } = await inDatabase(name, async (tx) => {
      const texts = [...new Set(group.flatMap((statement) => statement.texts))].filter((text) => !command.test(text));
      const described = await describeStatements(tx, texts);
      const types = described.flatMap((one) => (one.refusal === undefined ? one.columns.map(({ type }) => type) : []));
      return { descriptions: new Map(texts.map((text, index) => [text, described[index]])), kinds: await kindsOf(tx, types) };
    });
    for (const statement of group) findings.push(...findingsOf(statement, descriptions, { checker, kinds }));
  }
  return findings;
}

function findingsOf(
  { where, line, row, texts }: ReadStatement,
  descriptions: ReadonlyMap<string, Description | undefined>,
  comparison: { checker: ts.TypeChecker; kinds: ReadonlyMap<string, Kind> },
): Finding[] {
  const found = texts.flatMap((text): Finding[] => {
    const description = descriptions.get(text);
    if (description?.refusal !== undefined) return [{ where, line, message: description.refusal }];
    if (row === undefined) return [];
    return faultsOf(row, description?.columns ?? [], comparison).map((fault) => ({ where, line, ...fault }));
  });
  return [...new Map(found.map((one) => [`${one.column} ${one.message}`, one])).values()];
}
