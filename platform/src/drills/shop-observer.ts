/** What a drill asks the running shop: how many orders wait, and what the auditor says. */
import { type AuditReport, leaderAuditRoute, leaderStatusRoute, type PlatformStatus } from '@souk/contracts';
import { platformKeys } from '@souk/kernel/platform-keys';

export interface ShopObserver {
  /** Orders that wait for stock or payment; null while that cannot be known. Never rejects. */
  waiting(): Promise<number | null>;
  /** Runs an audit. Rejects where it could not be run. */
  audit(signal: AbortSignal): Promise<AuditReport>;
}

const statusTimeoutMs = 8_000;
const auditTimeoutMs = 180_000;
const waitingStatuses: ReadonlySet<string> = new Set(['pending', 'awaiting_payment']);

export function createShopObserver({ operations_url, internal_token }: { operations_url: string; internal_token: string }): ShopObserver {
  const headers = { authorization: `Bearer ${platformKeys(internal_token).internalToken('operations')}` };
  const ask = async (path: string, signal: AbortSignal): Promise<unknown> => {
    const answer = await fetch(`${operations_url}${path}`, { headers, signal });
    if (!answer.ok) throw new Error(`operations answered ${answer.status}`);
    return answer.json();
  };
  return {
    async waiting() {
      try {
        const { checkouts } = (await ask(leaderStatusRoute.path, AbortSignal.timeout(statusTimeoutMs))) as PlatformStatus;
        if (checkouts === null) return null;
        return checkouts.filter(({ status }) => waitingStatuses.has(status)).reduce((sum, { count }) => sum + count, 0);
      } catch {
        // What is away cannot be asked: the drill says that it is not known.
        return null;
      }
    },
    audit: async (signal) =>
      (await ask(`${leaderAuditRoute.path}?run=now`, AbortSignal.any([signal, AbortSignal.timeout(auditTimeoutMs)]))) as AuditReport,
  };
}
