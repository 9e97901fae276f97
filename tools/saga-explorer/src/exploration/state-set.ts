/** A set of states, each a row of numbers, exact and compact: rows beside each other, and a table of hashes over them. */

export interface StateSet {
  readonly size: number;
  /** The index of the state; equal to the former size where it is new. */
  add(state: Int32Array): number;
  read(index: number, into: Int32Array): void;
}

const firstCapacity = 1 << 12;

export function createStateSet(width: number): StateSet {
  let rows = new Int32Array(firstCapacity * width);
  let slots = new Int32Array(firstCapacity * 2).fill(-1);
  let size = 0;

  const isAt = (index: number, state: Int32Array): boolean => {
    const start = index * width;
    for (let place = 0; place < width; place += 1) if (rows[start + place] !== state[place]) return false;
    return true;
  };
  const hashAt = (start: number): number => hashOf(rows, start, width);
  const grow = (): void => {
    const larger = new Int32Array(rows.length * 2);
    larger.set(rows);
    rows = larger;
    slots = new Int32Array(slots.length * 2).fill(-1);
    for (let index = 0; index < size; index += 1) slots[freeSlot(slots, hashAt(index * width))] = index;
  };
  return {
    get size() {
      return size;
    },
    add(state) {
      const mask = slots.length - 1;
      let slot = hashOf(state, 0, width) & mask;
      for (let index = slots[slot] as number; index >= 0; index = slots[slot] as number) {
        if (isAt(index, state)) return index;
        slot = (slot + 1) & mask;
      }
      slots[slot] = size;
      rows.set(state, size * width);
      size += 1;
      if (size * 2 >= slots.length) grow();
      return size - 1;
    },
    read(index, into) {
      const start = index * width;
      for (let place = 0; place < width; place += 1) into[place] = rows[start + place] as number;
    },
  };
}

function freeSlot(slots: Int32Array, hash: number): number {
  const mask = slots.length - 1;
  let slot = hash & mask;
  while (slots[slot] !== -1) slot = (slot + 1) & mask;
  return slot;
}

function hashOf(numbers: Int32Array, start: number, width: number): number {
  let hash = 0x811c9dc5;
  for (let place = 0; place < width; place += 1) {
    hash = Math.imul(hash ^ (numbers[start + place] as number), 0x01000193);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return hash ^ (hash >>> 13);
}
