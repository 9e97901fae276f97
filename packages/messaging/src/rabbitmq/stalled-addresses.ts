/**
 * Addresses that take messages and do not confirm them, while others do: a queue behind them is stuck (a quorum queue
 * without a leader, or one that did not recover from a crash). They are kept out of everybody's way: nothing more is sent
 * there but one message, again and again with growing pauses, over a channel of its own, until it is confirmed.
 */
import { backoffMs, type Log, pause } from '@souk/kernel';

export interface Address {
  exchange: string;
  routing_key: string;
}

export interface StalledAddresses<Parcel extends Address> {
  has(address: Address): boolean;
  /** From now on the address counts as stalled, and this message is what it is tried with. */
  add(parcel: Parcel): void;
  list(): readonly Address[];
  /** There is another connection: everything is tried as if nothing had been. */
  clear(): void;
}

const retryFirstMs = 500;
const retryMostMs = 15_000;

/** `isConfirmed` sends one message and says whether it is on disk. */
export function createStalledAddresses<Parcel extends Address>(
  isConfirmed: (parcel: Parcel) => Promise<boolean>,
  log: Log,
): StalledAddresses<Parcel> {
  const stalled = new Map<string, { parcel: Parcel; healed: AbortController }>();
  const nameOf = ({ exchange, routing_key }: Address): string => `${exchange} ${routing_key}`;

  const tryAgain = async (parcel: Parcel, signal: AbortSignal): Promise<void> => {
    for (let tries = 0; !signal.aborted; tries += 1) {
      await pause(backoffMs(tries, retryFirstMs, retryMostMs), signal);
      if (signal.aborted) return;
      const confirmed = await isConfirmed(parcel).catch((error: unknown) => {
        log.debug({ err: error, routing_key: parcel.routing_key }, 'a message could not be tried again');
        return false;
      });
      if (!confirmed || signal.aborted) continue;
      stalled.delete(nameOf(parcel));
      log.info({ routing_key: parcel.routing_key }, 'RabbitMQ confirms these messages again');
      return;
    }
  };

  return {
    has: (address) => stalled.size > 0 && stalled.has(nameOf(address)),
    add(parcel) {
      const name = nameOf(parcel);
      if (stalled.has(name)) return;
      const healed = new AbortController();
      stalled.set(name, { parcel, healed });
      const { exchange, routing_key } = parcel;
      log.error({ exchange, routing_key }, 'RabbitMQ does not confirm these messages although it is there: a queue of them is stuck');
      void tryAgain(parcel, healed.signal);
    },
    list: () => [...stalled.values()].map(({ parcel: { exchange, routing_key } }) => ({ exchange, routing_key })),
    clear() {
      for (const { healed } of stalled.values()) healed.abort();
      stalled.clear();
    },
  };
}
