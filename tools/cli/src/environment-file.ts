/** `.env` beside package.json: variables for every command that works on a shop. What the real environment sets wins. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { refusal } from '@souk/contracts';

type Environment = Readonly<Record<string, string | undefined>>;

const usualFile = fileURLToPath(new URL('../../../.env', import.meta.url));
const bytesMax = 262_144;
const assignment = /^\s*(?:export\s+)?[A-Za-z_][A-Za-z0-9_]*\s*=[ \t]*/;
const quotes = ['"', "'", '`'];

/**
 * The variables of the file that `env` does not set itself, neither as NAME nor as NAME_FILE. SOUK_ENV_FILE names another file,
 * which must be there; 0 reads none. Throws `config_invalid` with each line that is not an assignment.
 */
export async function readEnvironmentFile(env: Environment): Promise<Record<string, string>> {
  const named = env['SOUK_ENV_FILE'];
  if (named === '0') return {};
  const path = named || usualFile;
  const text = await textOf(path, Boolean(named));
  const problems = syntaxProblems(text);
  if (problems.length > 0) throw refusal('config_invalid', problems.map((line) => `${path}:${line}`).join('\n      '));
  const given = Object.entries(parseEnv(text)) as [string, string][];
  return Object.fromEntries(given.filter(([name]) => !isSet(env, name)));
}

function isSet(env: Environment, name: string): boolean {
  const value = name.replace(/_FILE$/, '');
  return env[value] !== undefined || env[`${value}_FILE`] !== undefined;
}

async function textOf(path: string, needed: boolean): Promise<string> {
  try {
    const text = await readFile(path, 'utf8');
    if (text.length > bytesMax) throw refusal('config_invalid', `${path} is longer than ${bytesMax} characters.`);
    return text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
  } catch (error) {
    const { code, syscall, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && !needed) return '';
    if (syscall !== undefined) throw refusal('config_invalid', `${path} cannot be read: ${message}`);
    throw error;
  }
}

/** `LINE: what is wrong`; Node's own reader takes such a line for a part of the next name, and says nothing. */
export function syntaxProblems(text: string): string[] {
  const lines = text.split('\n');
  const problems: string[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    if (/^\s*(#|$)/.test(line)) continue;
    const start = assignment.exec(line)?.[0];
    if (start === undefined) {
      problems.push(`${index + 1}: this is neither NAME=VALUE nor a comment (#)`);
      continue;
    }
    const value = line.slice(start.length);
    const quote = quotes.find((mark) => value.startsWith(mark));
    if (quote === undefined) continue;
    const end = closingLine(lines, index, start.length + 1, quote);
    if (end === undefined) {
      problems.push(`${index + 1}: the quotation mark ${quote} is never closed`);
      continue;
    }
    if (!/^\s*(#.*)?$/.test(end.rest)) problems.push(`${end.line + 1}: there is more behind the closing ${quote}`);
    index = end.line;
  }
  return problems;
}

/** A quoted value may go over several lines. */
function closingLine(lines: readonly string[], first: number, from: number, quote: string): { line: number; rest: string } | undefined {
  for (let line = first; line < lines.length; line += 1) {
    const text = lines[line] ?? '';
    const at = text.indexOf(quote, line === first ? from : 0);
    if (at >= 0) return { line, rest: text.slice(at + 1) };
  }
  return undefined;
}
