/** Pictures are made in a process of its own, which starts with the first one and ends when none has come for a while. */
import { type ChildProcess, fork } from 'node:child_process';
import type { Socket } from 'node:net';
import { refusal } from '@souk/contracts';
import { createLimiter } from '@souk/kernel';
import type { Conversion, PictureConverter } from '../domain/media.ts';

/** What the process says: that it has started, what it made, or why it could not. */
export type PictureAnswer = Conversion | { refused: string } | { ready: true };

export interface ConverterOptions {
  /** Longest time for one picture; then its process is ended. */
  timeout_ms?: number;
  /** How long the process waits for the next picture. */
  idle_ms?: number;
}

const waitingMax = 16;
const timeoutDefaultMs = 30_000;
const idleDefaultMs = 30_000;
const heapFlag = '--max-old-space-size=128';
const stderrMax = 2_000;
const program = new URL('./picture-process.ts', import.meta.url);
const unreadable = 'The picture cannot be read; save it anew by another program.';

export function createPictureConverter({
  timeout_ms = timeoutDefaultMs,
  idle_ms = idleDefaultMs,
}: ConverterOptions = {}): PictureConverter {
  const turns = createLimiter({ running_max: 1, waiting_max: waitingMax });
  let current: PictureProcess | undefined;
  let idle: NodeJS.Timeout | undefined;
  const end = (): void => {
    clearTimeout(idle);
    current?.end();
    current = undefined;
  };
  const convert = async (bytes: Uint8Array): Promise<Conversion> => {
    clearTimeout(idle);
    current ??= new PictureProcess();
    try {
      const answer = await current.ask(bytes, timeout_ms);
      if ('refused' in answer) throw refusal('image_invalid', sentenceOf(answer.refused));
      return answer;
    } finally {
      // Whatever befell it, the next picture gets a new one.
      if (current.isUsable) idle = setTimeout(end, idle_ms).unref();
      else end();
    }
  };
  return { convert: (bytes) => turns.run(() => convert(bytes)), close: end };
}

function sentenceOf(reason: string): string {
  return reason.includes('pixel limit') ? 'The picture has more than 40 million pixels; make it smaller.' : unreadable;
}

type Outcome = Exclude<PictureAnswer, { ready: true }> | Error;

class PictureProcess {
  readonly #child: ChildProcess;
  #settle: (outcome: Outcome) => void = () => undefined;
  #isReady = false;
  #stderr = '';
  isUsable = true;

  constructor() {
    // Without the shop's environment: it holds secrets that the process does not need.
    const child = fork(program, [], {
      env: {},
      execArgv: [heapFlag],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child = child;
    // It never keeps the shop from ending.
    child.unref();
    child.channel?.unref();
    (child.stderr as Socket).unref().on('data', (chunk: Buffer) => {
      this.#stderr = `${this.#stderr}${chunk}`.slice(-stderrMax);
    });
    child.on('message', (answer: PictureAnswer) => {
      if ('ready' in answer) this.#isReady = true;
      else this.#settle(answer);
    });
    child.on('error', (error) => this.#fall(error));
    child.on('close', () => this.#fall(new Error(`the process for pictures did not start: ${this.#stderr}`)));
  }

  /** One picture at a time. A process that does not come to an end with it is ended, and so is the picture's upload. */
  async ask(bytes: Uint8Array, timeout_ms: number): Promise<Exclude<Outcome, Error>> {
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    this.#settle = resolve;
    const timer = setTimeout(() => this.#fall(new Error(`no answer after ${timeout_ms} ms`)), timeout_ms);
    this.#child.send(bytes, (error) => error && this.#fall(error));
    const outcome = await promise;
    clearTimeout(timer);
    if (outcome instanceof Error) throw outcome;
    return outcome;
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }

  /** Once it has started, only a picture can have brought it down. */
  #fall(error: Error): void {
    this.isUsable = false;
    this.#settle(this.#isReady ? refusal('image_invalid', unreadable, undefined, error) : error);
  }
}
