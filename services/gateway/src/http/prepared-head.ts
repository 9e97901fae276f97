/**
 * Begins an answer with a head that is written here as one text. Node checks each name and value of a list again and looks up what it
 * means, which costs as much as all other work of the gateway on an answer; what a service answered was read strictly
 * (answer-head.ts), and the fields of the gateway itself have no other characters. The text goes where Node keeps its own, so that Node
 * frames, sends and ends the answer as ever; a test compares both, byte by byte. Only for ordinary answers: Node begins any other.
 */
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Fields } from '../domain/answer-fields.ts';

/** What Node keeps of an answer (`lib/_http_outgoing.js` of the version that package.json pins). */
type OutgoingState = Record<'_header', string | null> & Record<'_hasBody', boolean> & Record<'_keepAliveTimeout', number>;

/** Whether Node would keep the connection and count the bytes of this answer as its head announces them. */
export function isOrdinary(request: IncomingMessage, response: ServerResponse, status: number): boolean {
  return status >= 200 && request.httpVersionMinor === 1 && request.httpVersionMajor === 1 && response.shouldKeepAlive;
}

export interface HeadWriter {
  /**
   * Begins an ordinary answer; `fields` have a content-length, or the answer has no body. `first` is the text of fields that come before
   * them, as `textOf` writes it, without a date.
   */
  write(response: ServerResponse, status: number, fields: Fields, first?: string): void;
}

export function createHeadWriter(): HeadWriter {
  const dateLine = createDateLine();
  return {
    write(response, status, fields, first = '') {
      const state = response as unknown as OutgoingState;
      let head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'unknown'}\r\n${first}${textOf(fields)}`;
      if (!isDated(fields)) head += dateLine();
      const keep = state._keepAliveTimeout > 0 ? `Keep-Alive: timeout=${Math.floor(state._keepAliveTimeout / 1_000)}\r\n` : '';
      response.statusCode = status;
      state._header = `${head}Connection: keep-alive\r\n${keep}\r\n`;
      if (status === 204 || status === 304) state._hasBody = false;
    },
  };
}

/** Fields as they stand in a head. */
export function textOf(fields: Fields): string {
  let text = '';
  for (let at = 0; at < fields.length; at += 2) text += `${fields[at]}: ${fields[at + 1]}\r\n`;
  return text;
}

function isDated(fields: Fields): boolean {
  for (let at = 0; at < fields.length; at += 2) if (fields[at] === 'date') return true;
  return false;
}

/** The field `Date`, written anew each second. */
function createDateLine(): () => string {
  let written_second = 0;
  let line = '';
  return () => {
    const now = Date.now();
    const second = Math.floor(now / 1_000);
    if (second !== written_second) {
      written_second = second;
      line = `Date: ${new Date(now).toUTCString()}\r\n`;
    }
    return line;
  };
}
