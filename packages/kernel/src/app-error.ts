/**
 * The one class for everything that is refused or fails in a known way. `code` names the cause and is registered in
 * the error table of `@souk/contracts`, which says what HTTP status it becomes and whether trying again can help.
 * `details` carries the values behind the sentence (they may be shown to the caller; never put a secret there).
 */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, details: Record<string, unknown> = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.details = details;
  }
}
