/** Spans out of an OTLP message (opentelemetry-proto, `ExportTraceServiceRequest`), as plain records. */
import { type Field, fieldsOf } from './protobuf.ts';

export type SpanKindName = 'internal' | 'server' | 'client' | 'producer' | 'consumer';

export interface TraceSpan {
  trace_id: string;
  span_id: string;
  /** Undefined for the first of its trace. */
  parent_id: string | undefined;
  name: string;
  kind: SpanKindName;
  /** Milliseconds since the Unix epoch, with a fraction. */
  started_ms: number;
  duration_ms: number;
  failed: boolean;
  attributes: Record<string, string | number | boolean>;
  links: { trace_id: string; span_id: string }[];
  /** Who says it. */
  service: string;
  instance_id: string;
}

const kinds: readonly SpanKindName[] = ['internal', 'internal', 'server', 'client', 'producer', 'consumer'];
const errorCode = 2;
const text = new TextDecoder();

/** Throws `otlp_invalid`. */
export function readSpans(message: Uint8Array): TraceSpan[] {
  const spans: TraceSpan[] = [];
  for (const group of subMessages(message, 1)) {
    const [resource] = subMessages(group, 1);
    const of = attributesOf(resource ?? new Uint8Array(), 1);
    const source = { service: String(of['service.name'] ?? ''), instance_id: String(of['service.instance.id'] ?? '') };
    for (const scope of subMessages(group, 2)) for (const span of subMessages(scope, 2)) spans.push({ ...readSpan(span), ...source });
  }
  return spans;
}

function readSpan(message: Uint8Array): Omit<TraceSpan, 'service' | 'instance_id'> {
  const fields = new Map<number, Field['value']>([...fieldsOf(message)].map(({ number, value }) => [number, value]));
  const bytes = (number: number): Uint8Array => {
    const value = fields.get(number);
    return value instanceof Uint8Array ? value : new Uint8Array();
  };
  const started = nanoseconds(bytes(7));
  const parent_id = hex(bytes(4));
  return {
    trace_id: hex(bytes(1)),
    span_id: hex(bytes(2)),
    parent_id: parent_id === '' ? undefined : parent_id,
    name: text.decode(bytes(5)),
    kind: kinds[Number(fields.get(6) ?? 0)] ?? 'internal',
    started_ms: Number(started / 1_000n) / 1_000,
    duration_ms: Number((nanoseconds(bytes(8)) - started) / 1_000n) / 1_000,
    failed: [...fieldsOf(bytes(15))].some(({ number, value }) => number === 3 && Number(value) === errorCode),
    attributes: attributesOf(message, 9),
    links: subMessages(message, 13).map((link) => {
      const [trace_id, span_id] = [1, 2].map((number) => hex(subMessages(link, number)[0] ?? new Uint8Array()));
      return { trace_id: trace_id ?? '', span_id: span_id ?? '' };
    }),
  };
}

function subMessages(message: Uint8Array, number: number): Uint8Array[] {
  return [...fieldsOf(message)].flatMap((field) => (field.number === number && field.value instanceof Uint8Array ? [field.value] : []));
}

function attributesOf(message: Uint8Array, number: number): Record<string, string | number | boolean> {
  const pairs = subMessages(message, number).map((pair) => {
    const [key, value] = [1, 2].map((part) => subMessages(pair, part)[0] ?? new Uint8Array());
    return [text.decode(key), anyValue(value ?? new Uint8Array())] as const;
  });
  return Object.fromEntries(pairs);
}

/** Of `AnyValue`: text, truth, whole number or fraction; lists and maps are not used here. */
function anyValue(message: Uint8Array): string | number | boolean {
  for (const { number, value } of fieldsOf(message)) {
    if (value instanceof Uint8Array) {
      if (number === 1) return text.decode(value);
      if (number === 4) return new DataView(value.buffer, value.byteOffset, 8).getFloat64(0, true);
    } else if (number === 2) return value !== 0n;
    else if (number === 3) return Number(BigInt.asIntN(64, value));
  }
  return '';
}

function nanoseconds(fixed: Uint8Array): bigint {
  return fixed.length === 8 ? new DataView(fixed.buffer, fixed.byteOffset, 8).getBigUint64(0, true) : 0n;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
