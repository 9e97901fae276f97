/** The session: an access token, renewed before it ends. It is kept in this tab alone and ends with it. */

const storedAs = 'souk-status-session';
const askTimeoutMs = 8_000;

/** Asks the server that gave this page. Throws `unreachable` when there is no answer. */
export async function ask(path, { method = 'GET', token, body } = {}) {
  const headers = { ...(token && { authorization: `Bearer ${token}` }), ...(body && { 'content-type': 'application/json' }) };
  let answer;
  try {
    answer = await fetch(path, {
      method,
      headers,
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(askTimeoutMs),
      cache: 'no-store',
    });
  } catch (error) {
    throw Object.assign(new Error('The server cannot be reached', { cause: error }), { unreachable: true });
  }
  return { status: answer.status, body: await answer.json().catch(() => undefined) };
}

export function createSession() {
  let pair = stored();

  const keep = (fresh) => {
    pair = fresh && { ...fresh, taken_at: Date.now() };
    if (pair) sessionStorage.setItem(storedAs, JSON.stringify(pair));
    else sessionStorage.removeItem(storedAs);
  };
  const refresh = async () => {
    const { status, body } = await ask('/api/auth/refresh', { method: 'POST', body: { refresh_token: pair.refresh_token } });
    if (status === 200) keep(body);
    // A refused session is over. While users is away it is asked again with the next request, as long as the token lasts.
    else if (status === 401 || status === 400) keep(undefined);
  };

  return {
    signedIn: () => pair !== undefined,
    /** A token that is good now, if there is one; taken anew when half its time is over. */
    async token() {
      if (pair && Date.now() - pair.taken_at > (pair.expires_in * 1_000) / 2) await refresh();
      return pair?.access_token;
    },
    /** After a token was refused: whether there is another one. */
    async again() {
      if (pair) await refresh();
      return pair !== undefined;
    },
    /** Undefined when it worked, else the problem. `code` is that of the second factor; empty for none. */
    async signIn(login, password, code) {
      const { status, body } = await ask('/api/auth/login', {
        method: 'POST',
        body: { login, password, ...(code && { code: code.trim() }) },
      });
      if (status !== 200) return { code: body?.code, detail: body?.detail ?? `The server answers ${status}.` };
      keep(body);
      return undefined;
    },
    async signOut() {
      const token = pair?.refresh_token;
      keep(undefined);
      // Whatever the answer, this tab is signed out.
      if (token) await ask('/api/auth/logout', { method: 'POST', body: { refresh_token: token } }).catch(() => undefined);
    },
    forget: () => keep(undefined),
  };
}

function stored() {
  try {
    return JSON.parse(sessionStorage.getItem(storedAs)) ?? undefined;
  } catch {
    // Whatever is there was not kept by this page.
    return undefined;
  }
}
