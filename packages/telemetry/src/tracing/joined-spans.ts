/**
 * Work that is done once for many traces: a batch of events, a group commit. Each trace that is recorded gets a span
 * of its own in its own trace; where they are several, the work itself is one more span, in a trace of its own, and
 * links lead both ways.
 */
import { isSampled } from '@souk/kernel';
import { failureOf, type Span, type SpanAttributes, type SpanKind, type Tracer } from './tracer.ts';

export interface JoinedWork {
  name: string;
  kind?: SpanKind;
  /** Of each span. */
  attributes?: SpanAttributes;
  /** The trace context of each member, in order; those that are not sampled have no span. */
  parents: readonly (string | undefined)[];
}

export interface JoinedSpans {
  /** The span of the member in this place, if it is recorded. */
  of(place: number): Span | undefined;
  /** With an error all have failed. */
  end(error?: unknown): void;
}

const nothing: JoinedSpans = { of: () => undefined, end() {} };
/** More are not linked: a trace is for reading. */
const linksMax = 100;

/** Runs joined work within its spans; what it throws fails all of them. */
export async function joined<T>(tracer: Tracer, work: JoinedWork, run: (spans: JoinedSpans) => Promise<T>): Promise<T> {
  const spans = startJoined(tracer, work);
  try {
    const result = await run(spans);
    spans.end();
    return result;
  } catch (error) {
    spans.end(error);
    throw error;
  }
}

/** Begins the spans of joined work; costs a look at each parent when none of them is sampled. */
export function startJoined(tracer: Tracer, { name, kind = 'internal', attributes = {}, parents }: JoinedWork): JoinedSpans {
  if (!tracer.active) return nothing;
  const sampled = parents.filter(isSampled);
  if (sampled.length === 0) return nothing;
  const whole =
    parents.length === 1
      ? undefined
      : tracer.start(name, { kind, links: sampled.slice(0, linksMax), attributes: { ...attributes, 'souk.batch_size': parents.length } });
  const links = whole === undefined ? [] : [whole.traceparent];
  const spans = parents.map((parent) => (isSampled(parent) ? tracer.start(name, { kind, parent, links, attributes }) : undefined));
  return {
    of: (place) => spans[place],
    end(error) {
      for (const span of [...spans, whole]) {
        if (error !== undefined) span?.fail(failureOf(error));
        span?.end();
      }
    },
  };
}
