/** Lists that come in pages. */

export interface Page<Item> {
  items: Item[];
  /** Address of the next page; undefined on the last one. */
  next: string | undefined;
}

/** A list, read as far as it is asked for: `for await (const item of pages)`. Nothing is requested before. */
export interface Pages<Item> extends AsyncIterable<Item> {
  /** The first page alone. */
  page(): Promise<Page<Item>>;
  /** Page by page. */
  pages(): AsyncIterable<Page<Item>>;
}

/** Pages of which `read` gets one: the first, or that at an address. */
export function createPages<Item>(read: (address: string | undefined) => Promise<Page<Item>>): Pages<Item> {
  async function* pages(): AsyncGenerator<Page<Item>, void, undefined> {
    let address: string | undefined;
    do {
      const page = await read(address);
      yield page;
      address = page.next;
    } while (address !== undefined);
  }
  return {
    page: () => read(undefined),
    pages,
    async *[Symbol.asyncIterator]() {
      for await (const { items } of pages()) yield* items;
    },
  };
}
