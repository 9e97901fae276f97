/** As much of the protobuf wire format as OTLP needs: fields one after the other, by number. */
import { AppError } from '@souk/kernel';

export interface Field {
  number: number;
  /** A number for varints, eight bytes for fixed64, four for fixed32, the content of everything else. */
  value: bigint | Uint8Array;
}

const varintBytesMax = 10;

/** The fields of a message in their order. Throws `otlp_invalid`. */
export function* fieldsOf(message: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let bytes = 0; bytes < varintBytesMax; bytes += 1) {
      const byte = message[at++];
      if (byte === undefined) throw malformed();
      value |= BigInt(byte & 0x7f) << BigInt(7 * bytes);
      if (byte < 0x80) return value;
    }
    throw malformed();
  };
  const take = (length: number): Uint8Array => {
    if (length > message.length - at) throw malformed();
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const tag = Number(varint());
    const number = tag >>> 3;
    const wire = tag & 7;
    if (wire === 0) yield { number, value: varint() };
    else if (wire === 1) yield { number, value: take(8) };
    else if (wire === 2) yield { number, value: take(Number(varint())) };
    else if (wire === 5) yield { number, value: take(4) };
    else throw malformed();
  }
}

function malformed(): AppError {
  return new AppError('otlp_invalid', 'The body is not an OTLP message in protobuf.');
}
