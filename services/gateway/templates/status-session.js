/** Who looks: an access token, renewed before it ends. It lives in this tab alone and is gone with it. */

const storedAs = 'souk-status-session';
const askTimeoutMs = 8_000;

/** Asks the gateway. Throws `unreachable` when nobody answers. */
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
    throw Object.assign(new Error('The gateway cannot be reached', { cause: error }), { unreachable: true });
  }
  const said = await answer.json().catch(() => undefined);
  return { status: answer.status, body: said };
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
    // Refused is over. When users is away it is asked again with the next look, as long as the token lasts.
    else if (status === 401 || status === 400) keep(undefined);
  };

  return {
    signedIn: () => pair !== undefined,
    /** A token that is good now, if there is one; taken anew when half its time is over. */
    async token() {
      if (pair && Date.now() - pair.taken_at > (pair.expires_in * 1_000) / 2) await refresh();
      return pair?.access_token;
    },
    /** The gateway does not take the token: whether another one could be had. */
    async again() {
      if (pair) await refresh();
      return pair !== undefined;
    },
    /** Undefined when it worked, else why not. */
    async signIn(login, password) {
      const { status, body } = await ask('/api/auth/login', { method: 'POST', body: { login, password } });
      if (status !== 200) return body?.detail ?? `The gateway answers ${status}.`;
      keep(body);
      return undefined;
    },
    async signOut() {
      const token = pair?.refresh_token;
      keep(undefined);
      // Whether it is heard or not, this tab has forgotten.
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
