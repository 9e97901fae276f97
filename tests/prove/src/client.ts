/** Requests as a client makes them: an answer or none, within a limit; a token is renewed when it is refused. */

export interface Answer {
  /** Undefined where none came. */
  status: number | undefined;
  body: unknown;
}

export interface Person {
  readonly name: string;
  readonly user_id: string;
  readonly password: string;
  send(method: string, path: string, more?: { body?: unknown; key?: string | undefined }): Promise<Answer>;
}

const limitMs = 15_000;

export interface Credentials {
  login: string;
  password: string;
}

/** One attempt at one gateway; `turn` chooses it. */
export async function sendOnce(
  gateways: readonly string[],
  turn: number,
  request: { method: string; path: string; body?: unknown; headers?: Readonly<Record<string, string>> },
): Promise<Answer> {
  const { method, path, body, headers } = request;
  try {
    const answer = await fetch(`${gateways[turn % gateways.length]}${path}`, {
      method,
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      signal: AbortSignal.timeout(limitMs),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) };
  } catch {
    return { status: undefined, body: undefined };
  }
}

/**
 * Signs in when it is first needed and again whenever its token is refused. Who is refused as erased does not sign in again: after five
 * failures the shop would answer that it is to wait, which is no answer to what was asked.
 */
export function createPerson(
  { gateways, accounts }: { gateways: readonly string[]; accounts: readonly string[] },
  name: string,
  user_id: string,
  credentials: Credentials,
): Person {
  let token: string | undefined;
  let erased: Answer | undefined;
  let turn = 0;
  const signIn = async (): Promise<void> => {
    const answer = await sendOnce(accounts, turn, { method: 'POST', path: '/api/auth/login', body: credentials });
    token = answer.status === 200 ? (answer.body as { access_token: string }).access_token : undefined;
    if (answer.status === 401) erased = answer;
  };
  return {
    name,
    user_id,
    password: credentials.password,
    async send(method, path, { body, key } = {}) {
      turn += 1;
      for (let attempt = 0; ; attempt += 1) {
        if (token === undefined && erased === undefined) await signIn();
        // Of any other refusal it is not known what would have come of the request.
        if (token === undefined) return erased ?? { status: undefined, body: undefined };
        const headers = { authorization: `Bearer ${token}`, ...(key !== undefined && { 'idempotency-key': key }) };
        const answer = await sendOnce(gateways, turn, { method, path, body, headers });
        if (answer.status !== 401 || attempt > 0) return answer;
        token = undefined;
      }
    },
  };
}
