/** What a route takes as its body: JSON checked against its schema, or a stream of the declared content type with a limit. */
import type { IncomingHttpHeaders } from 'node:http';
import { Readable, Transform } from 'node:stream';
import { type RouteDeclaration, refusal } from '@souk/contracts';
import type { FastifyRequest } from 'fastify';
import { decodeBody, parseJson } from './json-body.ts';
import { createSchemaCheck } from './schema-validator.ts';
import { summary } from './url-validator.ts';

export interface ReadBody {
  body: unknown;
  body_text: string;
  raw_body: Readable;
}

export interface BodyReader {
  /** Refuses with `media_type_unsupported` or `body_too_large` by the headers alone, before anything is read. */
  checkHeaders(request: FastifyRequest): void;
  read(request: FastifyRequest): ReadBody;
}

/** Findings are listed in full only for bodies up to this length, in characters. */
const thoroughLengthMax = 65_536;
const nothing = Readable.from([]);
const jsonType = 'application/json';

export function createBodyReader(route: RouteDeclaration, body_bytes_max: number): BodyReader {
  if (route.body_type !== undefined) return streamReader(route.body_type, route.body_bytes_max ?? body_bytes_max);
  if (route.body === undefined)
    return { checkHeaders: () => undefined, read: () => ({ body: undefined, body_text: '', raw_body: nothing }) };
  return jsonReader(route.body, body_bytes_max);
}

function jsonReader(schema: object, body_bytes_max: number): BodyReader {
  const check = createSchemaCheck(schema);
  // A body may be left out where an empty object would do.
  const omissible = '~optional' in schema || check({}, false) === undefined;
  return {
    checkHeaders: ({ headers }) => checkBodyHeaders(headers, jsonType, body_bytes_max),
    read(request) {
      const bytes = request.body as Buffer | undefined;
      if ((bytes === undefined || bytes.length === 0) && omissible) return { body: {}, body_text: '', raw_body: nothing };
      if (bytes === undefined) throw refusal('json_invalid', 'This needs a JSON body.');
      const body_text = decodeBody(bytes);
      const body = parseJson(body_text);
      const errors = check(body, body_text.length <= thoroughLengthMax);
      if (errors) throw refusal('validation_failed', `The body is not valid: ${summary(errors)}.`, { errors });
      return { body, body_text, raw_body: nothing };
    },
  };
}

function streamReader(content_type: string, bytes_max: number): BodyReader {
  return {
    checkHeaders: ({ headers }) => checkBodyHeaders(headers, content_type, bytes_max),
    read: (request) => ({
      body: undefined,
      body_text: '',
      raw_body: request.body instanceof Readable ? limited(request.body, bytes_max) : nothing,
    }),
  };
}

/** Refuses with `media_type_unsupported` or `body_too_large` what the headers say of a body. */
export function checkBodyHeaders(headers: IncomingHttpHeaders, expected: string, bytes_max: number): void {
  const length = Number(headers['content-length'] ?? 0);
  const given = headers['content-type'];
  if (given === undefined && length === 0 && headers['transfer-encoding'] === undefined) return;
  if (given !== expected && mediaType(given) !== expected) {
    throw refusal('media_type_unsupported', `This takes ${expected}${given === undefined ? '' : `, not ${mediaType(given)}`}.`);
  }
  if (given !== expected && !isUtf8(given)) throw refusal('media_type_unsupported', 'Texts are taken in UTF-8 only.');
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') throw refusal('media_type_unsupported', 'Compressed bodies are not taken.');
  if (length > bytes_max) throw refusal('body_too_large', `The body may have at most ${bytes_max} bytes.`, { bytes_max });
}

function mediaType(header: string | undefined): string {
  return (header ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** Whether the character set is UTF-8, a part of it, or not said. */
function isUtf8(header: string | undefined): boolean {
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(header ?? '')?.[1];
  return charset === undefined || /^(utf-?8|us-ascii)$/i.test(charset);
}

/** Passes a body on until it is longer than allowed. */
function limited(source: Readable, bytes_max: number): Readable {
  let bytes = 0;
  const limit = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > bytes_max) done(refusal('body_too_large', `The body may have at most ${bytes_max} bytes.`, { bytes_max }));
      else done(null, chunk);
    },
  });
  source.once('error', (error) => limit.destroy(error));
  return source.pipe(limit);
}
