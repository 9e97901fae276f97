/** `souk dead`: the dead letters of all services of the running platform. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { refusal } from '@souk/contracts';
import { readConfig } from '../config.ts';
import { type DeadLetterDesk, type LetterChoice, type ListedLetter, openDeadLetterDesk } from '../dead/dead-letter-desk.ts';
import { letterTable, letterText } from '../dead/dead-letter-text.ts';
import { needRunning } from '../running.ts';

const notAllAnswered = 2;
const verbs = ['list', 'show', 'replay', 'discard'] as const;
type Verb = (typeof verbs)[number];

interface Order {
  desk: DeadLetterDesk;
  ids: string[];
  choice: LetterChoice;
  limit: number;
  json: boolean;
}

const actions: Readonly<Record<Verb, (order: Order) => Promise<number>>> = { list, show, replay, discard };

export interface DeadOptions extends LetterChoice {
  limit: number;
  json?: boolean;
}

/** Runs `souk dead VERB …`. Exit code: 0 done, 2 a service did not answer; what is not there, and wrong words, are thrown. */
export async function deadLetters(words: readonly string[], { queue, reason, limit, json = false }: DeadOptions): Promise<number> {
  const [verb = 'list', ...ids] = words;
  if (!isVerb(verb))
    throw refusal('validation_failed', `souk dead knows ${verbs.join(', ')}, not ${JSON.stringify(verb)}. See: npm run souk -- help dead`);
  const choice = {
    ...(queue !== undefined && { queue }),
    ...(reason !== undefined && { reason }),
  };
  checkWords(verb, ids, choice);
  const { home } = readConfig();
  const platform = await needRunning(home);
  const internal_token = (await readFile(join(home, 'secrets', 'internal_token'), 'utf8')).trim();
  const desk = openDeadLetterDesk({ urls: platform.urls, internal_token });
  return actions[verb]({ desk, ids, choice, limit, json });
}

function isVerb(word: string): word is Verb {
  return (verbs as readonly string[]).includes(word);
}

/** What may be meant is asked for; `replay` and `discard` never take "all" for granted. */
function checkWords(verb: Verb, ids: readonly string[], choice: LetterChoice): void {
  const chosen = choice.queue !== undefined || choice.reason !== undefined;
  if (verb === 'list' && ids.length > 0)
    throw refusal('validation_failed', 'souk dead list takes --queue and --reason; one letter is shown by: souk dead show ID');
  if (verb === 'show' && (ids.length !== 1 || chosen)) throw refusal('validation_failed', 'Name the one letter to show: souk dead show ID');
  if ((verb === 'replay' || verb === 'discard') && ids.length > 0 === chosen)
    throw refusal('validation_failed', `Say which letters to ${verb}: either by ID (one or several), or by --queue, --reason or both.`);
}

async function list({ desk, choice, limit, json }: Order): Promise<number> {
  const { letters, more, unreachable } = await desk.list(choice, limit);
  if (json) writeJson(letters);
  else process.stdout.write(letterTable(letters, { more, colours: process.stdout.isTTY === true, width: process.stdout.columns }));
  return reportUnreachable(unreachable);
}

async function show({ desk, ids, json }: Order): Promise<number> {
  const letter: ListedLetter = await desk.get(ids[0] ?? '');
  if (json) writeJson(letter);
  else process.stdout.write(letterText(letter));
  return 0;
}

async function replay({ desk, ids, choice, json }: Order): Promise<number> {
  const { count, unreachable } = await (ids.length > 0 ? desk.replayIds(ids) : desk.replay(choice));
  if (json) writeJson({ replayed: count });
  else process.stdout.write(`${letters(count)} put back into ${count === 1 ? 'its queue' : 'their queues'}.\n`);
  return reportUnreachable(unreachable);
}

async function discard({ desk, ids, choice, json }: Order): Promise<number> {
  const { count, unreachable } = await (ids.length > 0 ? desk.discardIds(ids) : desk.discard(choice));
  if (json) writeJson({ discarded: count });
  else process.stdout.write(`${letters(count)} discarded.\n`);
  return reportUnreachable(unreachable);
}

function letters(count: number): string {
  return count === 1 ? '1 dead letter' : `${count} dead letters`;
}

function writeJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

function reportUnreachable(unreachable: readonly string[]): number {
  if (unreachable.length === 0) return 0;
  process.stderr.write(`souk: not asked, because no answer came: ${unreachable.join(', ')}.\n`);
  return notAllAnswered;
}
