/** `souk api-key`: keys by which programs call the API of the running shop. */
import { type Client, createClient, ProblemError } from '@souk/client';
import { type ApiKey, isScope, refusal, type Scope, scopeNames } from '@souk/contracts';
import { AppError, isUuid, timestamp } from '@souk/kernel';
import { readConfig } from '../config.ts';
import { accessToken, needRunning } from '../running.ts';
import { oneLine, tableOf } from '../table.ts';

const verbs = ['create', 'list', 'revoke'] as const;
type Verb = (typeof verbs)[number];

export interface ApiKeyOptions {
  name?: string;
  scopes?: string;
  expires?: string;
  json?: boolean;
  code?: string;
}

const dayMs = 86_400_000;
const daysMax = 3_650;
const pageSize = 100;
const help = 'See: npm run souk -- help api-key';

/** Runs `souk api-key VERB …`. Exit code 0; wrong words and what the shop refuses are thrown. */
export async function apiKeys(words: readonly string[], options: ApiKeyOptions): Promise<number> {
  const [verb = '', ...ids] = words;
  if (!isVerb(verb)) throw refusal('validation_failed', `souk api-key knows ${verbs.join(', ')}, not ${JSON.stringify(verb)}. ${help}`);
  const act = actionOf(verb, ids, options);
  const { home } = readConfig();
  const platform = await needRunning(home);
  const token = await accessToken(home, platform, 'admin', options.code);
  try {
    return await act(createClient({ base_url: platform.gateway_url, token }));
  } catch (error) {
    if (error instanceof ProblemError) throw new AppError(error.code, sentenceFor(error), {}, error);
    throw error;
  }
}

function isVerb(word: string): word is Verb {
  return (verbs as readonly string[]).includes(word);
}

type Action = (api: Client) => Promise<number>;

/** What is wrong whatever the shop holds is refused before it is asked. */
function actionOf(verb: Verb, ids: readonly string[], options: ApiKeyOptions): Action {
  const json = options.json === true;
  if (verb !== 'create' && (options.name ?? options.scopes ?? options.expires) !== undefined)
    throw refusal('validation_failed', `--name, --scopes and --expires go with souk api-key create. ${help}`);
  if (verb === 'revoke') return revokeOf(ids, json);
  if (ids.length > 0) throw refusal('validation_failed', `souk api-key ${verb} takes no ids. ${help}`);
  return verb === 'list' ? (api) => list(api, json) : createOf(options, json);
}

function createOf({ name, scopes, expires }: ApiKeyOptions, json: boolean): Action {
  if (name === undefined || name.trim() === '') throw refusal('validation_failed', `Say what the key is for: --name "Warehouse". ${help}`);
  const wanted = { name, scopes: scopesOf(scopes), ...(expires !== undefined && { expires_at: instantOf(expires) }) };
  return async (api) => {
    const created = await api.apiKeys.create(wanted);
    if (json) {
      writeJson(created);
      return 0;
    }
    process.stdout.write(`${created.key}\n`);
    process.stderr.write(
      `Key ${created.id} for ${oneLine(created.name)}: ${created.scopes.join(', ')}; ${created.expires_at === null ? 'it does not expire' : `good until ${created.expires_at}`}.\nIt is shown this once. Its program sends it as Authorization: Bearer.\n`,
    );
    return 0;
  };
}

async function list(api: Client, json: boolean): Promise<number> {
  const keys: ApiKey[] = [];
  for await (const key of api.apiKeys.list({ limit: pageSize })) keys.push(key);
  if (json) writeJson(keys);
  else if (keys.length === 0) process.stdout.write('There are no API keys.\n');
  else process.stdout.write(`${keyTable(keys)}\n`);
  return 0;
}

function keyTable(keys: readonly ApiKey[]): string {
  const day = (instant: string | null): string => instant?.slice(0, 16).replace('T', ' ') ?? '-';
  const rows = keys.map(({ id, name, scopes, created_at, expires_at, last_used_at }) => [
    id,
    oneLine(name),
    day(created_at),
    day(expires_at),
    day(last_used_at),
    scopes.join(' '),
  ]);
  const { isTTY, columns } = process.stdout;
  return tableOf(['ID', 'NAME', 'CREATED', 'EXPIRES', 'LAST USED', 'SCOPES'], rows, { colours: isTTY === true, width: columns });
}

function revokeOf(ids: readonly string[], json: boolean): Action {
  if (ids.length === 0) throw refusal('validation_failed', `Name the keys to revoke by their ids, which souk api-key list shows. ${help}`);
  const wrong = ids.find((id) => !isUuid(id));
  if (wrong !== undefined)
    throw refusal('validation_failed', `${JSON.stringify(wrong)} is not the id of an API key; souk api-key list shows them. ${help}`);
  return async (api) => {
    for (const [done, id] of ids.entries()) {
      const answer = await api.call('deleteApiKey', { params: { key_id: id } });
      if (!answer.ok && answer.code === 'not_found')
        throw refusal(
          'not_found',
          `There is no API key ${id}.${done === 0 ? '' : ` Revoked before it: ${ids.slice(0, done).join(', ')}.`}`,
        );
      if (!answer.ok) throw answer.error;
    }
    if (json) writeJson({ revoked: ids });
    else process.stdout.write(`${ids.length === 1 ? '1 API key' : `${ids.length} API keys`} revoked.\n`);
    return 0;
  };
}

function scopesOf(list: string | undefined): Scope[] {
  const names = [...new Set((list ?? '').split(',').map((name) => name.trim()))].filter((name) => name !== '');
  const wrong = names.find((name) => !isScope(name));
  if (names.length > 0 && wrong === undefined) return names as Scope[];
  const what = wrong === undefined ? 'Say what the key may do: --scopes orders:read.' : `There is no scope ${JSON.stringify(wrong)}.`;
  throw refusal('validation_failed', `${what} There are: ${scopeNames.join(', ')}.`);
}

/** An instant, or so many days from now. */
function instantOf(when: string): string {
  const days = /^(\d{1,4})d$/.exec(when)?.[1];
  const at_ms = days === undefined ? Date.parse(when) : Date.now() + Number(days) * dayMs;
  const isGood = days === undefined ? /^\d{4}-\d\d-\d\dT.*(?:Z|[+-]\d\d:\d\d)$/.test(when) : Number(days) >= 1 && Number(days) <= daysMax;
  if (!isGood || Number.isNaN(at_ms) || at_ms <= Date.now())
    throw refusal(
      'validation_failed',
      `--expires is ${JSON.stringify(when)}; it must be an instant to come, such as 2027-11-29T00:00:00Z, or 1d to ${daysMax}d.`,
    );
  return timestamp(at_ms);
}

/** What the shop refused; the members that it names are those of the command. */
function sentenceFor({ detail, errors }: ProblemError): string {
  const [first] = errors;
  return first === undefined ? detail : `${detail} (${first.pointer.slice(1)} ${first.detail})`;
}

function writeJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}
