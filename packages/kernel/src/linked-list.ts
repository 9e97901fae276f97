/**
 * A doubly linked list, for what comes and goes with each request. A Set or a Map will not do there: V8 makes its table anew
 * after some deletions, and the old table keeps a pointer to the new one and all that was in it. As soon as one table has
 * grown old enough to be left to the next full garbage collection, it keeps alive each table after it, and with them every
 * request that was ever in one: the young generation then copies what it should drop, which cost the gateway 18 % of
 * its CPU. A node that was removed points to nothing.
 */
export interface ListNode<T> {
  readonly value: T;
}

export interface LinkedList<T> {
  readonly size: number;
  /** Puts the value at the end; the node removes it. */
  add(value: T): ListNode<T>;
  /** Takes the value out; false when it is not in the list any more. The node must be of this list. */
  remove(node: ListNode<T>): boolean;
  /** The value that has been in the list longest. */
  first(): T | undefined;
  /** Takes it out. */
  shift(): T | undefined;
  /** The values at this moment, the oldest first. */
  values(): T[];
}

class Node<T> implements ListNode<T> {
  readonly value: T;
  previous: Node<T> | undefined;
  next: Node<T> | undefined;
  isListed = true;

  constructor(value: T, previous: Node<T> | undefined) {
    this.value = value;
    this.previous = previous;
  }
}

class DoublyLinkedList<T> implements LinkedList<T> {
  size = 0;
  #head: Node<T> | undefined;
  #tail: Node<T> | undefined;

  add(value: T): ListNode<T> {
    const node = new Node(value, this.#tail);
    if (this.#tail === undefined) this.#head = node;
    else this.#tail.next = node;
    this.#tail = node;
    this.size += 1;
    return node;
  }

  remove(listed: ListNode<T>): boolean {
    const node = listed as Node<T>;
    if (!node.isListed) return false;
    const { previous, next } = node;
    if (previous === undefined) this.#head = next;
    else previous.next = next;
    if (next === undefined) this.#tail = previous;
    else next.previous = previous;
    node.previous = undefined;
    node.next = undefined;
    node.isListed = false;
    this.size -= 1;
    return true;
  }

  first(): T | undefined {
    return this.#head?.value;
  }

  shift(): T | undefined {
    const head = this.#head;
    if (head !== undefined) this.remove(head);
    return head?.value;
  }

  values(): T[] {
    const values: T[] = [];
    for (let node = this.#head; node !== undefined; node = node.next) values.push(node.value);
    return values;
  }
}

/** An empty list. All but `values` takes the same time however long it is. */
export function createLinkedList<T>(): LinkedList<T> {
  return new DoublyLinkedList<T>();
}
