/**
 * The port through which packages say what happens within what; `otel-tracer.ts` implements it on OpenTelemetry. A context
 * is handed on by hand, as text: in a request's and a message's `traceparent` and in the `Cause` of what is stored.
 * Nothing is implied by who calls whom, so a trace goes on across processes, restarts and days.
 */
import { isSampled, unsampledTraceparent } from '@souk/kernel';

export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer';

/** Few and small: names of things and ids, never what people wrote, never secrets. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

export interface SpanStart {
  /** Default internal. */
  kind?: SpanKind;
  /** Trace context of what caused this. Without one a new trace begins, and chance decides whether it is recorded. */
  parent?: string | undefined;
  /** Trace contexts that are joined here. A new trace is recorded when one of them is. */
  links?: readonly string[];
  attributes?: SpanAttributes;
}

export interface Span {
  /** What is caused from here on is given this as its `parent`. */
  readonly traceparent: string;
  /** False: nothing is recorded, and all attributes are dropped. */
  readonly sampled: boolean;
  set(attributes: SpanAttributes): void;
  /** It did not do what it was for; `reason` is a code or a class of errors, from a small set. */
  fail(reason: string): void;
  /** Once. */
  end(): void;
}

export interface Tracer {
  /** False: no span is recorded, whatever its parent says. */
  readonly active: boolean;
  /** Begins a span. Below a parent that is not sampled it only carries the parent's context. */
  start(name: string, start?: SpanStart): Span;
}

class CarriedSpan implements Span {
  readonly sampled = false;
  readonly traceparent: string;

  constructor(traceparent: string) {
    this.traceparent = traceparent;
  }

  set(): void {}
  fail(): void {}
  end(): void {}
}

/** A span that records nothing and hands on the context it got, or a new one. */
export function carriedSpan(parent: string | undefined): Span {
  return new CarriedSpan(parent ?? unsampledTraceparent());
}

/** Records nothing. */
export const silentTracer: Tracer = { active: false, start: (_name, start) => carriedSpan(start?.parent) };

/** Runs `work` within a span below `parent`; below one that is not sampled there is no span and nothing is spent. What it throws fails the span. */
export async function traced<T>(
  tracer: Tracer,
  name: string,
  start: SpanStart & { parent: string | undefined },
  work: (span: Span | undefined) => Promise<T>,
): Promise<T> {
  if (!tracer.active || !isSampled(start.parent)) return work(undefined);
  const span = tracer.start(name, start);
  try {
    return await work(span);
  } catch (error) {
    span.fail(failureOf(error));
    throw error;
  } finally {
    span.end();
  }
}

/** What a span records of an error: its code when it has one, else the name of its class. Never its message. */
export function failureOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : error.name;
}
