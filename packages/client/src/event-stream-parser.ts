/** The text of an event stream (WHATWG HTML, section 9.2.6), taken apart as it comes. */

export interface ServerEvent {
  /** What the event itself names; undefined when it names none. */
  id: string | undefined;
  event: string;
  data: string;
}

export interface EventStreamParser {
  /** The events that these bytes complete; a chunk may end anywhere, also inside a character. */
  push(bytes: Uint8Array): ServerEvent[];
  /** What a reconnection sends as `Last-Event-ID`: a block without data moves it too. */
  readonly last_event_id: string;
  /** The pause before a reconnection that the stream asks for, in milliseconds. */
  readonly retry_ms: number | undefined;
}

/** Text of one unfinished block; more is refused, since a stream without an end of line would fill the memory. */
const block_characters_max = 1_048_576;

/** A parser for one connection; `last_event_id` is that of the one before. */
export function createEventStreamParser(last_event_id = ''): EventStreamParser {
  // Takes away a byte order mark, and replaces what is no UTF-8, as the standard asks.
  const decoder = new TextDecoder();
  const state = { last_event_id, retry_ms: undefined as number | undefined };
  let rest = '';
  let isAfterCr = false;
  let block = emptyBlock();
  let block_characters = 0;

  const endBlock = (): ServerEvent | undefined => {
    const { id, event, data } = block;
    block = emptyBlock();
    block_characters = 0;
    if (id !== undefined) state.last_event_id = id;
    return data.length === 0 ? undefined : { id, event: event === '' ? 'message' : event, data: data.join('\n') };
  };
  const takeField = (line: string): void => {
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + (line[colon + 1] === ' ' ? 2 : 1));
    if (name === 'data') {
      block.data.push(value);
      block_characters += value.length;
    }
    if (name === 'event') block.event = value;
    else if (name === 'id' && !value.includes('\0')) block.id = value;
    else if (name === 'retry' && /^\d{1,10}$/.test(value)) state.retry_ms = Number(value);
  };

  return {
    push(bytes) {
      let text = decoder.decode(bytes, { stream: true });
      if (isAfterCr && text !== '') {
        if (text.startsWith('\n')) text = text.slice(1);
        isAfterCr = false;
      }
      const lines = (rest + text).split(/\r\n|\n|\r/);
      // The second half of this end of line may be in the next chunk.
      if (text.endsWith('\r')) isAfterCr = true;
      rest = lines.pop() ?? '';
      const events: ServerEvent[] = [];
      for (const line of lines) {
        if (line !== '') {
          takeField(line);
          continue;
        }
        const event = endBlock();
        if (event !== undefined) events.push(event);
      }
      if (block_characters + rest.length > block_characters_max)
        throw new RangeError(`an event is larger than ${block_characters_max} characters`);
      return events;
    },
    get last_event_id() {
      return state.last_event_id;
    },
    get retry_ms() {
      return state.retry_ms;
    },
  };
}

function emptyBlock(): { id: string | undefined; event: string; data: string[] } {
  return { id: undefined, event: '', data: [] };
}
