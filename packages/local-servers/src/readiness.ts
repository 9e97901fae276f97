/** Ways to find out whether a server can work by now. */
import { connect } from 'node:net';
import type { ProcessSpec } from './process-spec.ts';

const probeTimeoutMs = 2_000;

export interface Question {
  /** Sent once the connection is there. */
  greeting?: string;
  /** What its answer has to begin with; default anything. */
  answer?: string;
  timeout_ms: number;
}

/** Whether a process accepts connections on this port of 127.0.0.1 and, with a greeting, gives this answer to it. */
export function answers(port: number, { greeting, answer = '', timeout_ms }: Question): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: timeout_ms });
    const end = (isRight: boolean): void => {
      socket.destroy();
      resolve(isRight);
    };
    let received = '';
    socket.once('connect', () => (greeting === undefined ? end(true) : socket.write(greeting)));
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      if (received.length >= answer.length) end(received.startsWith(answer));
    });
    for (const event of ['timeout', 'error', 'close']) socket.once(event, () => end(false));
  });
}

/** Readiness of what answers 2xx at this address once it can work. */
export function httpReady(url: string): ProcessSpec['isReady'] {
  return async (_, signal) => {
    try {
      const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(probeTimeoutMs)]) });
      await response.body?.cancel();
      return response.ok;
    } catch (error) {
      // Not listening yet, or too slow to answer: not ready.
      if (error instanceof Error) return false;
      throw error;
    }
  };
}
