/** Renewals under way, by digest of the token that is renewed: tabs of one browser that ask at once get the same answer. */
import { hash } from 'node:crypto';
import type { TokenPair } from '@souk/contracts';

/** The new pair; `ended` when there is no such session any more, `away` when that cannot be said now. */
export type Renewal = TokenPair | 'ended' | 'away';

export interface SessionRenewals {
  /** Joins the renewal of this token that is under way, or begins one. */
  renew(refresh_token: string, ask: () => Promise<Renewal>): Promise<Renewal>;
}

export function createSessionRenewals(): SessionRenewals {
  const underWay = new Map<string, Promise<Renewal>>();
  return {
    renew(refresh_token, ask) {
      const digest = hash('sha256', refresh_token, 'base64');
      const joined = underWay.get(digest);
      if (joined !== undefined) return joined;
      const asked = ask().finally(() => underWay.delete(digest));
      underWay.set(digest, asked);
      return asked;
    },
  };
}
