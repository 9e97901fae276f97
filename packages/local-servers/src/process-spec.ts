/** How a managed process is started: the same for a server, a service and a program of a test. */
import type { AppError } from '@souk/kernel';
import type { SendSignal, StopSteps } from './processes.ts';

export interface RestartPolicy {
  first_ms: number;
  most_ms: number;
  /** After this time alive a failure counts as the first one again. */
  steady_ms: number;
  /** What becomes of a process that was started again and is not ready in time; one whose dependencies are away is kept. */
  when_not_ready: 'keep' | 'restart';
}

/** Why a start failed. */
export interface StartFailure {
  sentence: string;
  /** The last lines that the process wrote. */
  tail: string;
  reason: 'ended' | 'not_ready' | 'stopped' | 'stuck';
  cause?: unknown;
}

export interface ProcessSpec {
  /** Shown in sentences about it. */
  name: string;
  command: string;
  args: readonly string[];
  env?: Readonly<Record<string, string | undefined>>;
  cwd?: string;
  /** Whose process it is; default this one's account. */
  account?: { uid: number; gid: number } | undefined;
  /**
   * Who gets its whole lines, or the path of a file. With a file it goes on writing when we are gone, and it is no reason for our
   * process to stay.
   */
  output: string | ((lines: string) => void);
  /** Its standard input is a pipe of ours, which ends with us; `end-with-parent` makes a Node process stop by that. */
  ends_with_parent?: boolean;
  /** Where its number is kept, so that the next start ends what a killed owner left running. */
  pid_file?: string;
  /** Comes before each launch. */
  beforeStart?(): Promise<unknown>;
  /** Whether it can work by now; asked every `poll_ms`, and less often the longer it takes. */
  isReady(pid: number, signal: AbortSignal): Promise<boolean>;
  poll_ms: number;
  ready_within_ms: number;
  stop_steps: StopSteps;
  /** Default: to the whole process group. */
  send?: SendSignal;
  /** Default: it is not started again. */
  restart?: RestartPolicy | undefined;
  /** What happens to it, for a log: `ended (SIGKILL); starting it again in 0.2 s`. */
  report(sentence: string): void;
  /** Its process number is another one. Must not throw. */
  changed?(): void;
  /** The error of a start or stop that failed. */
  refuse(failure: StartFailure): AppError | Promise<AppError>;
}
