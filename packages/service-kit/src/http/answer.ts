import type { Readable } from 'node:stream';

export interface AnswerOptions {
  /** Version of the resource; becomes a strong ETag that names resource and version. A GET whose If-None-Match names it answers 304. */
  etag?: number | string;
  /** Address of what was created. */
  location?: string;
  /** Opaque cursor of the next page; becomes the Link header. Null or undefined: there is none. */
  next_cursor?: string | null;
  /** This is the answer of an earlier request with the same idempotency key. */
  replayed?: boolean;
  headers?: Readonly<Record<string, string>>;
  /** Values of `Set-Cookie`, each a header of its own. */
  cookies?: readonly string[];
}

/** What a handler answers. A body that is a string, Buffer or stream together with a content-type header is sent as it is. */
export interface Answer<Body = unknown> {
  readonly status: number;
  readonly body: Body;
  /** The body as JSON text already made; sent instead of `body`. */
  readonly text: string | undefined;
  readonly options: AnswerOptions | undefined;
}

/** An answer with a JSON body: `answer(201, order, { location, etag: order.version })`. */
export function answer<Body>(status: number, body: Body, options?: AnswerOptions): Answer<Body> {
  return { status, body, text: undefined, options };
}

/** An answer whose JSON text is at hand (a cache entry): nothing is serialised again. */
export function answerText(status: number, text: string, options?: AnswerOptions): Answer<never> {
  return { status, body: undefined as never, text, options };
}

/** 204. */
export function noContent(options?: AnswerOptions): Answer<undefined> {
  return { status: 204, body: undefined, text: undefined, options };
}

/** Anything that is not JSON, such as a picture. */
export function answerContent(
  status: number,
  content_type: string,
  content: string | Buffer | Readable,
  options?: AnswerOptions,
): Answer<never> {
  return {
    status,
    body: content as never,
    text: undefined,
    options: { ...options, headers: { ...options?.headers, 'content-type': content_type } },
  };
}

/** The entity tag of a version. */
export function entityTag(version: number | string): string {
  return `"${version}"`;
}
