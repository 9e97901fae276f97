/**
 * Memory that the pages of one stream are read into. A page of 2,000 orders is some 2 MB outside the heap; memory that is taken anew for
 * each makes the collector mark the whole heap every few pages, which was a quarter of what an audit cost.
 */

export interface PageMemory {
  /** The whole body, in place of the page before the last: a page may be used until the one after the next is read. */
  fill(body: AsyncIterable<Uint8Array> | null): Promise<Buffer>;
}

interface Room {
  bytes: Buffer;
}

const firstBytes = 64 * 1024;

/** Room for two pages, the one that is looked at and the next one; each grows to the largest page it has had. */
export function createPageMemory(): PageMemory {
  let room: Room = { bytes: Buffer.allocUnsafeSlow(firstBytes) };
  let other: Room = { bytes: Buffer.allocUnsafeSlow(firstBytes) };
  return {
    fill(body) {
      [room, other] = [other, room];
      return readInto(room, body);
    },
  };
}

async function readInto(room: Room, body: AsyncIterable<Uint8Array> | null): Promise<Buffer> {
  let length = 0;
  for await (const chunk of body ?? []) {
    const wanted = length + chunk.length;
    if (wanted > room.bytes.length) room.bytes = grown(room.bytes, length, wanted);
    room.bytes.set(chunk, length);
    length = wanted;
  }
  return room.bytes.subarray(0, length);
}

function grown(bytes: Buffer, length: number, wanted: number): Buffer {
  const larger = Buffer.allocUnsafeSlow(Math.max(wanted, 2 * bytes.length));
  bytes.copy(larger, 0, 0, length);
  return larger;
}
