import type { Problem } from '@souk/contracts';

/** A refusal that was not expected: carries the problem document as it came. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly status: number;
  /** The stable code, such as `order_not_cancellable`; `unknown` when the answer was no problem document. */
  readonly code: string;
  readonly problem: Partial<Problem>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(request: string, status: number, problem: Partial<Problem>, headers: Readonly<Record<string, string>>) {
    const code = problem.code ?? 'unknown';
    const members = (problem.errors ?? []).map(({ pointer, detail }) => `${pointer} ${detail}`).join('; ');
    super(`${request} answered ${status} ${code}: ${problem.detail ?? 'no problem document'}${members === '' ? '' : ` (${members})`}`);
    this.status = status;
    this.code = code;
    this.problem = problem;
    this.headers = headers;
  }
}
