/** Fault injection that a running shop allows: the switch of each of its processes (docs/chaos.md), opened by its CHAOS_TOKEN. */

export interface SwitchedProcess {
  name: string;
  url: string;
}

export interface PlannedSwitch {
  /** Between 0 and 1: which process. */
  which: number;
  /** `whole`: requests are refused; `part`: they are held back. */
  variant: 'whole' | 'part';
  for_ms: number;
}

export interface ChaosSwitches {
  /** Switches a fault on; answers what was done, and a function that switches it off. */
  inject(planned: PlannedSwitch): Promise<{ what: string; end(): Promise<void> }>;
  /** Refuses with a sentence when the shop does not accept the token. */
  check(): Promise<void>;
}

const limitMs = 10_000;
/** A process that is not asked to end its fault ends it by itself soon after. */
const marginS = 5;
const share = 0.5;
const latencyMost = 2_000;
const statuses = [500, 502, 503, 504] as const;

export function createChaosSwitches(token: string, processes: () => Promise<SwitchedProcess[]>): ChaosSwitches {
  const send = (method: 'GET' | 'PUT' | 'DELETE', { url }: SwitchedProcess, body?: object): Promise<Response> =>
    fetch(`${url}/chaos`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
      signal: AbortSignal.timeout(limitMs),
      ...(body && { body: JSON.stringify(body) }),
    });
  return {
    async check() {
      for (const process of await processes()) {
        const { status } = await send('GET', process);
        if (status === 404)
          throw new Error(`${process.name} has no chaos switch: start the shop with CHAOS_TOKEN, or prove with --chaos none.`);
        if (status !== 200)
          throw new Error(`${process.name} answers ${status} to this CHAOS_TOKEN: set the one that the shop was started with.`);
      }
    },
    async inject({ which, variant, for_ms }) {
      const all = await processes();
      const process = all[Math.floor(which * all.length)] as SwitchedProcess;
      const error_status = statuses[Math.floor(which * 997) % statuses.length] as number;
      const latency_ms = Math.max(1, Math.min(latencyMost, Math.round(for_ms / 2)));
      const fault = variant === 'whole' ? { error_share: share, error_status } : { latency_ms, latency_share: share };
      const answer = await send('PUT', process, { ...fault, duration_s: Math.ceil(for_ms / 1_000) + marginS });
      if (!answer.ok) throw new Error(`${process.name} refused a fault: ${await answer.text()}`);
      const seconds = (for_ms / 1_000).toFixed(1);
      const what =
        variant === 'whole' ? `refuses every second request with ${error_status}` : `holds every second request back by ${latency_ms} ms`;
      return { what: `${process.name} ${what} for ${seconds} s`, end: async () => void (await send('DELETE', process)) };
    },
  };
}
