export interface TrialOptions {
  /** How long orders come at least, where the trial does not say more. */
  seconds: number;
  /** Orders a second. */
  rate: number;
  /** Prints a line. */
  say(line: string): void;
}

export interface Verdict {
  /** What does not hold, a sentence each. */
  faults: string[];
}
