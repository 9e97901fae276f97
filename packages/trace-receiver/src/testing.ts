/** Writes what the receiver reads, for tests: an OTLP message in protobuf. */
import type { SpanKindName, TraceSpan } from './read-spans.ts';

export type SpanToWrite = Pick<TraceSpan, 'trace_id' | 'span_id' | 'name' | 'service'> & Partial<TraceSpan>;

const kinds: readonly SpanKindName[] = ['internal', 'server', 'client', 'producer', 'consumer'];

/** One message with these spans, each under its own resource. */
export function writeSpans(spans: readonly SpanToWrite[]): Buffer {
  return Buffer.concat(spans.map((span) => field(1, [field(1, resourceOf(span)), field(2, [field(2, spanOf(span))])])));
}

function resourceOf({ service, instance_id = `${service}-1` }: SpanToWrite): Buffer[] {
  return [attribute(1, 'service.name', service), attribute(1, 'service.instance.id', instance_id)];
}

function spanOf(span: SpanToWrite): Buffer[] {
  const { started_ms = 0, duration_ms = 0, kind = 'internal', attributes = {}, links = [], failed = false } = span;
  return [
    field(1, Buffer.from(span.trace_id, 'hex')),
    field(2, Buffer.from(span.span_id, 'hex')),
    ...(span.parent_id === undefined ? [] : [field(4, Buffer.from(span.parent_id, 'hex'))]),
    field(5, Buffer.from(span.name)),
    varintField(6, kinds.indexOf(kind) + 1),
    fixed(7, started_ms),
    fixed(8, started_ms + duration_ms),
    ...Object.entries(attributes).map(([key, value]) => attribute(9, key, value)),
    ...links.map((link) => field(13, [field(1, Buffer.from(link.trace_id, 'hex')), field(2, Buffer.from(link.span_id, 'hex'))])),
    ...(failed ? [field(15, [varintField(3, 2)])] : []),
  ];
}

function attribute(number: number, key: string, value: string | number | boolean): Buffer {
  return field(number, [field(1, Buffer.from(key)), field(2, [anyValue(value)])]);
}

function anyValue(value: string | number | boolean): Buffer {
  if (typeof value === 'string') return field(1, Buffer.from(value));
  if (typeof value === 'boolean') return varintField(2, value ? 1 : 0);
  if (Number.isInteger(value)) return Buffer.concat([varint(3n << 3n), varint(BigInt.asUintN(64, BigInt(value)))]);
  const double = Buffer.alloc(8);
  double.writeDoubleLE(value);
  return Buffer.concat([varint((4n << 3n) | 1n), double]);
}

function field(number: number, content: Buffer | readonly Buffer[]): Buffer {
  const bytes = Buffer.isBuffer(content) ? content : Buffer.concat(content);
  return Buffer.concat([varint((BigInt(number) << 3n) | 2n), varint(BigInt(bytes.length)), bytes]);
}

function varintField(number: number, value: number): Buffer {
  return Buffer.concat([varint(BigInt(number) << 3n), varint(BigInt(value))]);
}

function fixed(number: number, ms: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(Math.round(ms * 1_000)) * 1_000n);
  return Buffer.concat([varint((BigInt(number) << 3n) | 1n), bytes]);
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Buffer.from(bytes);
}
