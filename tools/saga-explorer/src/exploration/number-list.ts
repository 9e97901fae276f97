/** A list of integers that grows, without a box around each. */
export interface NumberList {
  readonly size: number;
  push(number: number): void;
  at(index: number): number;
}

const firstCapacity = 1 << 12;

export function createNumberList(): NumberList {
  let numbers = new Int32Array(firstCapacity);
  let size = 0;
  return {
    get size() {
      return size;
    },
    push(number) {
      if (size === numbers.length) {
        const larger = new Int32Array(size * 2);
        larger.set(numbers);
        numbers = larger;
      }
      numbers[size] = number;
      size += 1;
    },
    at: (index) => numbers[index] as number,
  };
}
