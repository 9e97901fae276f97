/** Bodies: JSON, read strictly, or a stream of the declared content type with a limit. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { type Readable, Transform } from 'node:stream';
import { type RouteDeclaration, refusal } from '@souk/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { createSchemaCheck } from './findings.ts';
import { decodeBody, parseJson } from './json-body.ts';

const jsonType = 'application/json';

/** Reads the bodies that routes declare; what no route asked for is left where it is. */
export function addBodyParsers(app: FastifyInstance, body_bytes_max: number): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(jsonType, { parseAs: 'buffer', bodyLimit: body_bytes_max }, (request, bytes, done) => {
    try {
      done(null, readJsonBody(request, bytes as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
  app.addContentTypeParser('*', ({ route }: FastifyRequest, payload: IncomingMessage, done) =>
    done(null, route?.body_type === undefined ? payload : limited(payload, route.body_bytes_max ?? body_bytes_max)),
  );
}

function readJsonBody(request: FastifyRequest, bytes: Buffer): unknown {
  if (request.route?.body === undefined || bytes.length === 0) return undefined;
  request.body_text = decodeBody(bytes);
  return parseJson(request.body_text);
}

/** What stands for a body that was left out: an empty object where that would do; else refuses with `json_invalid`. */
export function absentBody(schema: object): (request: FastifyRequest, reply: unknown, done: (error?: Error) => void) => void {
  const check = createSchemaCheck(schema);
  let omissible: boolean | undefined = '~optional' in schema ? true : undefined;
  return (request, _reply, done) => {
    if (request.body !== undefined) return done();
    omissible ??= check({}) === undefined;
    if (omissible) {
      request.body = {};
      done();
    } else done(refusal('json_invalid', request.headers['content-type'] === undefined ? 'This needs a JSON body.' : 'The body is empty.'));
  };
}

/** Refuses what the headers say of a body that the route does not take, before anything is read. */
export function createBodyHeadersCheck(route: RouteDeclaration, body_bytes_max: number): (headers: IncomingHttpHeaders) => void {
  const { body, body_type = jsonType, body_bytes_max: bytes_max = body_bytes_max } = route;
  if (body === undefined && route.body_type === undefined) return () => undefined;
  return (headers) => checkBodyHeaders(headers, body_type, bytes_max);
}
/** Refuses with `media_type_unsupported` or `body_too_large` what the headers say of a body. */
export function checkBodyHeaders(headers: IncomingHttpHeaders, expected: string, bytes_max: number): void {
  const length = Number(headers['content-length'] ?? 0);
  const given = headers['content-type'];
  if (given === undefined && length === 0 && headers['transfer-encoding'] === undefined) return;
  if (given !== expected && !isOfType(mediaType(given), expected)) {
    throw refusal('media_type_unsupported', `This takes ${expected}${given === undefined ? '' : `, not ${mediaType(given)}`}.`);
  }
  if (given !== expected && !isUtf8(given)) throw refusal('media_type_unsupported', 'Texts are taken in UTF-8 only.');
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity')
    throw refusal('media_type_unsupported', 'Compressed bodies are not taken.', { accept_encoding: 'identity' });
  if (length > bytes_max) throw refusal('body_too_large', `The body may have at most ${bytes_max} bytes.`, { bytes_max });
}

/** `image/*` stands for all types that begin like it. */
function isOfType(given: string, expected: string): boolean {
  return expected.endsWith('/*') ? given.startsWith(expected.slice(0, -1)) : given === expected;
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
