/** What is to happen, in order of its time; of two at the same time the one that was planned first. */

export interface Incident {
  due_ms: number;
  /** In which order it was planned. */
  number: number;
  cancelled: boolean;
  run(): unknown;
}

export class EventQueue {
  readonly #heap: Incident[] = [];

  get size(): number {
    return this.#heap.length;
  }

  push(incident: Incident): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(incident);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (isBefore(heap[parent] as Incident, incident)) break;
      heap[at] = heap[parent] as Incident;
      at = parent;
    }
    heap[at] = incident;
  }

  pop(): Incident | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Incident, heap[child] as Incident)) child += 1;
      if (isBefore(last, heap[child] as Incident)) break;
      heap[at] = heap[child] as Incident;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}

function isBefore(one: Incident, other: Incident): boolean {
  return one.due_ms < other.due_ms || (one.due_ms === other.due_ms && one.number < other.number);
}
