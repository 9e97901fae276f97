/** The API as a running shop publishes it, and whether what it answers is what it has published. */
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { isInstant } from '@souk/kernel';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

export type Json = Record<string, unknown>;

export interface PublishedOperation {
  operation_id: string;
  method: string;
  path: string;
  described: Json;
}

export interface Exchange {
  operation_id: string;
  status: number;
  headers: Headers;
  body: unknown;
}

export interface PlainRequest {
  /** Path and query, as they are sent. */
  address: string;
  headers: Record<string, string>;
  body: string | Buffer<ArrayBuffer> | undefined;
}

export interface Call {
  token?: string | undefined;
  /** Members of the path, in place of those of the example. */
  params?: Readonly<Record<string, string>>;
  query?: Readonly<Record<string, string>>;
  headers?: Readonly<Record<string, string>>;
  /** Changes the example of the body. */
  body?: (example: Json) => unknown;
  /** The status that is expected; default the first success. */
  status?: number;
}

/** One document; lines of them are a text. */
const jsonType = /[/+]json$/;
const firstRefusal = 400;
/** Sent with some answers only, and published wherever they may be. */
const sometimes: readonly string[] = [
  ...['Link', 'Idempotency-Replayed', 'Retry-After', 'Cache-Control', 'Age', 'Cache-Status', 'Deprecation', 'Sunset'],
  ...['Vary', 'Content-Language', 'Content-Disposition', 'Upgrade', 'Accept-Encoding'],
];
const problemType = 'application/problem+json';
const pageType = 'text/html';
const streamType = 'text/event-stream';

export class PublishedApi {
  readonly operations: readonly PublishedOperation[];
  readonly #document: Json;
  readonly #url: string;
  readonly #ajv = new Ajv2020({ strict: true, allErrors: true, formats: { 'date-time': isInstant } });
  /** By the text of the schema. */
  readonly #validators = new Map<string, ValidateFunction>();
  /** By operation and status, how often it was answered and valid. */
  readonly answered = new Map<string, number>();
  validated = 0;
  headers_checked = 0;

  constructor(url: string, document: Json) {
    this.#url = url;
    this.#document = document;
    this.#ajv.addVocabulary(['components']);
    const paths = document['paths'] as Record<string, Record<string, Json>>;
    this.operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, described]) => ({
        operation_id: String(described['operationId']),
        method: method.toUpperCase(),
        path,
        described,
      })),
    );
  }

  static async read(url: string): Promise<PublishedApi> {
    const answer = await fetch(`${url}/openapi.json`);
    assert.equal(answer.status, 200);
    return new PublishedApi(url, (await answer.json()) as Json);
  }

  operation(operation_id: string): PublishedOperation {
    const found = this.operations.find((operation) => operation.operation_id === operation_id);
    assert.ok(found, operation_id);
    return found;
  }

  /** Sends the example of an operation and holds the answer to what is published. */
  async call(operation_id: string, call: Call = {}): Promise<Exchange> {
    const operation = this.operation(operation_id);
    const { described } = operation;
    const content = this.#contentOf(described['requestBody']);
    const headers: Record<string, string> = { ...call.headers };
    if (call.token !== undefined) headers['authorization'] = `Bearer ${call.token}`;
    let body: PlainRequest['body'];
    if (content !== undefined) {
      const [type, { example }] = content;
      headers['content-type'] ??= type;
      const sent = call.body === undefined ? example : call.body(structuredClone((example ?? {}) as Json));
      body = typeof sent === 'string' || Buffer.isBuffer(sent) ? (sent as string | Buffer<ArrayBuffer>) : JSON.stringify(sent);
    }
    const exchange = await this.send(operation_id, { address: this.#addressOf(operation, call), headers, body });
    const expected = call.status ?? Number(Object.keys(described['responses'] as Json)[0]);
    assert.equal(exchange.status, expected, `${operation_id}: ${JSON.stringify(exchange.body).slice(0, 400)}`);
    return exchange;
  }

  /** Sends a request to an operation, whatever is in it, and holds the answer to what is published. */
  async send(operation_id: string, { address, headers, body }: PlainRequest): Promise<Exchange> {
    const operation = this.operation(operation_id);
    const answer = await fetch(`${this.#url}${address}`, {
      method: operation.method,
      headers,
      ...(body !== undefined && { body }),
      redirect: 'manual',
    });
    const type = (answer.headers.get('content-type') ?? '').split(';')[0] ?? '';
    const text = type === streamType ? await beginningOf(answer) : await answer.text();
    const isJson = jsonType.test(type) && text !== '';
    const exchange = { operation_id, status: answer.status, headers: answer.headers, body: isJson ? (JSON.parse(text) as unknown) : text };
    this.#check(operation, exchange, type);
    return exchange;
  }

  /** Sends a request by which the connection itself is tried: with fields as they are, and a body that may never come. */
  sendRaw(operation_id: string, { address, headers, body }: PlainRequest): Promise<Exchange> {
    const operation = this.operation(operation_id);
    return new Promise((resolve, reject) => {
      const sent = request(`${this.#url}${address}`, { method: operation.method, headers, agent: false });
      sent.on('error', reject).on('response', (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        answer.on('end', () => {
          const fields = new Headers(Object.entries(answer.headers).map(([name, value]) => [name, String(value)]));
          const exchange = { operation_id, status: answer.statusCode ?? 0, headers: fields, body: JSON.parse(text) as unknown };
          sent.destroy();
          try {
            this.#check(operation, exchange, String(answer.headers['content-type']).split(';')[0] ?? '');
            resolve(exchange);
          } catch (error) {
            reject(error as Error);
          }
        });
      });
      if (body !== undefined) sent.write(body);
      sent.flushHeaders();
    });
  }

  /** Path and query of an operation as its example has them. */
  addressOf(operation_id: string, call: Call = {}): string {
    return this.#addressOf(this.operation(operation_id), call);
  }

  #addressOf({ path, described }: PublishedOperation, { params = {}, query = {} }: Call): string {
    const parameters = (described['parameters'] as Json[]).map((parameter) => this.resolved(parameter));
    const filled = path.replaceAll(/\{([a-z_]+)\}/g, (_all, name: string) =>
      encodeURIComponent(params[name] ?? String(parameters.find((parameter) => parameter['name'] === name)?.['example'])),
    );
    const text = new URLSearchParams(query).toString();
    return text === '' ? filled : `${filled}?${text}`;
  }

  #contentOf(body: unknown): [string, Json] | undefined {
    const content = ((body as Json | undefined)?.['content'] ?? {}) as Record<string, Json>;
    return Object.entries(content)[0];
  }

  /** The status, the content type, the body and the headers are as published. */
  #check({ operation_id, described }: PublishedOperation, { status, headers, body }: Exchange, type: string): void {
    const where = `${operation_id} ${status}`;
    const answer = this.resolved(((described['responses'] as Json)[String(status)] ?? {}) as Json);
    assert.ok(answer['description'], `${where} is not published: ${JSON.stringify(body)}`);
    const content = (answer['content'] ?? {}) as Record<string, Json>;
    if (Object.keys(content).length === 0) assert.equal(body, '', `${where} has a body`);
    else {
      const published = content[type];
      assert.ok(published, `${where} is ${type}, not ${Object.keys(content).join(' or ')}`);
      if (jsonType.test(type)) this.#validate(`${where} ${type}`, published['schema'] as Json, body);
    }
    // The refusals of a page are pages too for clients that prefer HTML.
    if (status >= firstRefusal && type !== pageType) {
      assert.equal(type, problemType, where);
      const { code } = body as { code: string };
      assert.ok(Object.hasOwn(content[problemType]?.['examples'] as Json, code), `${where}: ${code} is not published`);
    }
    // A copy has a tag; what staff get from the service itself may have none.
    const may_lack = described['x-souk-cache'] === undefined ? [] : ['ETag'];
    this.#checkHeaders(where, answer['headers'] as Json, headers, may_lack);
    this.answered.set(where, (this.answered.get(where) ?? 0) + 1);
  }

  /** What is always there is there; what is published of this answer alone is not there elsewhere. */
  #checkHeaders(where: string, published: Json, headers: Headers, may_lack: readonly string[]): void {
    const always = ['X-Correlation-Id', 'traceparent', ...(/ (429|503)$/.test(where) ? ['Retry-After'] : [])].filter((name) =>
      Object.hasOwn(published, name),
    );
    for (const name of always) assert.ok(headers.has(name), `${where} has no ${name}`);
    for (const name of ['ETag', 'Location', 'WWW-Authenticate']) {
      this.headers_checked += 1;
      if (headers.has(name) || !may_lack.includes(name))
        assert.equal(headers.has(name), Object.hasOwn(published, name), `${where}: ${name} is ${headers.get(name)}`);
    }
    for (const name of sometimes) if (headers.has(name)) assert.ok(Object.hasOwn(published, name), `${where}: ${name} is not published`);
  }

  #validate(where: string, schema: Json, body: unknown): void {
    // Hundreds of answers share a few schemas, and compiling one costs ten milliseconds.
    const text = JSON.stringify(schema);
    const components = { schemas: (this.#document['components'] as Json)['schemas'] };
    const validate = this.#validators.get(text) ?? this.#ajv.compile({ ...schema, components });
    this.#validators.set(text, validate);
    if (!validate(body)) assert.fail(`${where}: ${this.#ajv.errorsText(validate.errors)} in ${JSON.stringify(body).slice(0, 600)}`);
    this.validated += 1;
  }

  /** The part that a reference leads to; anything else as it is. */
  resolved(part: Json): Json {
    const reference = part['$ref'];
    if (typeof reference !== 'string') return part;
    return reference
      .slice(2)
      .split('/')
      .reduce<unknown>((found, name) => (found as Json)[name], this.#document) as Json;
  }
}

/** The first bytes of a stream, which may stay open for ever; the connection is ended then. */
async function beginningOf(answer: Response): Promise<string> {
  for await (const bytes of answer.body ?? []) return Buffer.from(bytes).toString('utf8');
  return '';
}
