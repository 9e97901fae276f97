/**
 * The way of one request to an instance and back: breaker, choice of an instance, at most two attempts, the answer
 * streamed as it comes. A retry happens only before anything was answered, for requests that may be repeated, within
 * the budget, and on another instance if there is one.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { refusal } from '@souk/contracts';
import type { Instance } from '@souk/discovery';
import { AppError, type Span } from '@souk/kernel';
import type { Dispatcher } from 'undici';
import type { GatewayContext } from '../context.ts';
import { startAttemptSpan } from '../domain/attempt-span.ts';
import type { Admission, CircuitBreaker } from '../domain/circuit-breaker.ts';
import { isConnectFailure } from '../domain/connect-failure.ts';
import type { RouteEntry } from '../route-table.ts';
import { Attempt, type AttemptOwner } from './attempt.ts';
import type { Answerer, Exchange } from './exchange.ts';
import { requestHeaders, withTraceparent } from './forwarded-headers.ts';
import { type BodyKind, BodyRelay, readWhole } from './request-body.ts';

const attemptsMax = 2;
const clientLeft = new Error('the client left');

export class Passage implements Answerer, AttemptOwner {
  readonly exchange: Exchange;
  readonly #context: GatewayContext;
  readonly #entry: RouteEntry;
  readonly #breaker: CircuitBreaker;
  readonly #tried: string[] = [];
  #admission: Admission | undefined;
  #body: Buffer | BodyRelay | undefined;
  #arriving = false;
  #headers: string[] = [];
  #attempt: Attempt | undefined;

  constructor(context: GatewayContext, entry: RouteEntry, exchange: Exchange) {
    this.#context = context;
    this.#entry = entry;
    this.exchange = exchange;
    this.#breaker = context.breakers.get(entry.service) as CircuitBreaker;
  }

  start(kind: BodyKind, bytes_max: number): void {
    const { exchange } = this;
    exchange.answerer = this;
    if (kind.kind === 'none') {
      this.#send(undefined);
      return;
    }
    this.#arriving = true;
    exchange.allow(this.#context.config.request_timeout_ms);
    if (exchange.expects_continue) exchange.response.writeContinue();
    if (kind.kind === 'whole') {
      readWhole(exchange.request, bytes_max, (error, body) => this.#arrived(error, body));
      return;
    }
    this.#body = new BodyRelay(exchange.request, bytes_max, () => exchange.progressed());
    exchange.request.once('end', () => this.#bodyPassed());
    this.#send(kind.bytes === undefined ? undefined : String(kind.bytes));
  }

  #arrived(error: AppError | undefined, body: Buffer): void {
    this.#arriving = false;
    if (error) this.exchange.refuse(error);
    else if (!this.exchange.gone) {
      this.#body = body;
      this.#send(undefined);
    }
  }

  #bodyPassed(): void {
    this.#arriving = false;
    if (!this.exchange.response.headersSent) this.exchange.allow(this.#timeoutMs());
  }

  #timeoutMs(): number {
    return this.#entry.timeout_ms ?? this.#context.config.route_timeout_ms;
  }

  /** The first attempt. */
  #send(content_length: string | undefined): void {
    const { exchange } = this;
    const { clock, config, retries } = this.#context;
    const now = clock.now();
    this.#admission = this.#breaker.admit(now);
    if (this.#admission === undefined) {
      const retry_after_s = this.#breaker.retryAfterSeconds(now);
      this.#refuse(
        refusal('service_unavailable', `${this.#entry.service} has failed too often; it is left alone for a moment.`, { retry_after_s }),
      );
      return;
    }
    retries.deposit();
    const { correlation_id, span, client, request } = exchange;
    this.#headers = requestHeaders(request.headers, {
      correlation_id,
      traceparent: span.traceparent,
      client_address: client.address,
      secure: client.secure,
      host: request.headers.host ?? '',
      internal_token: config.internal_token,
      content_length,
    });
    if (!this.#arriving) exchange.allow(this.#timeoutMs());
    const instance = this.#context.instances.resolver.pick(this.#entry.service);
    if (instance) this.#attemptAt(instance);
    else this.#abandon(refusal('service_unavailable', `No instance of ${this.#entry.service} is known.`));
  }

  #attemptAt(instance: Instance): void {
    const upstream = this.#context.pools.of(instance);
    try {
      upstream.enter();
    } catch (error) {
      this.#abandon(error);
      return;
    }
    const span = this.#attemptSpan(instance);
    const attempt = new Attempt(this, instance, upstream, span);
    this.#attempt = attempt;
    this.#tried.push(instance.instance_id);
    const { method, url } = this.exchange.request;
    const options = {
      path: url ?? '/',
      method: method as Dispatcher.HttpMethod,
      headers: span === undefined ? this.#headers : withTraceparent(this.#headers, span.traceparent),
      body: (this.#body as Buffer | Readable | undefined) ?? null,
    };
    upstream.pool.dispatch(options, attempt);
  }

  #attemptSpan(instance: Instance): Span | undefined {
    const { span, request } = this.exchange;
    if (!span.sampled) return undefined;
    const { path, service } = this.#entry;
    return startAttemptSpan(
      this.#context.tracer,
      { parent: span.traceparent, method: request.method ?? '', path, service, instance },
      this.#tried.length,
    );
  }

  /** The head of an answer has come. Answers whether it is passed on; otherwise another attempt has begun. */
  answered(status: number, headers: IncomingHttpHeaders): boolean {
    // A service that says 503 with Retry-After is alive and bounds its own load; the breaker is for those that do not.
    const failed = status === 502 || status === 504 || (status === 503 && headers['retry-after'] === undefined);
    if (status >= 502 && status <= 504 && this.#retry(false)) return false;
    const admission = this.#settle();
    if (admission !== undefined) this.#breaker[failed ? 'failed' : 'succeeded'](admission, this.#context.clock.now());
    this.exchange.progressed();
    this.exchange.writeHead(status, headers);
    return true;
  }

  /** An attempt ended without a whole answer. */
  failed(attempt: Attempt, error: Error): void {
    const { exchange } = this;
    const { metrics, log, instances } = this.#context;
    if (exchange.gone) return;
    if (error instanceof AppError) {
      this.#abandon(error);
      return;
    }
    const unreachable = isConnectFailure(error);
    if (unreachable) instances.resolver.eject(attempt.instance, reasonOf(error));
    metrics.count('souk_gateway_upstream_failures_total', { upstream: this.#entry.service, kind: unreachable ? 'connect' : 'broken_off' });
    log.debug({ err: error, upstream: this.#entry.service, correlation_id: exchange.correlation_id }, 'an instance did not answer');
    if (exchange.response.headersSent) exchange.response.destroy();
    else if (!this.#retry(unreachable || isRead(exchange.request.method))) this.#giveUp(unreachable, error);
  }

  #giveUp(unreachable: boolean, error: Error): void {
    const admission = this.#settle();
    if (admission !== undefined) this.#breaker.failed(admission, this.#context.clock.now());
    const { service } = this.#entry;
    if (unreachable) this.#refuse(refusal('service_unavailable', `${service} cannot be reached.`, {}, error));
    else this.#refuse(refusal('upstream_failed', `${service} broke off before its answer.`, {}, error));
  }

  /** Begins another attempt, if this request may have one. `sameAgain`: also at the only instance. */
  #retry(sameAgain: boolean): boolean {
    if (this.#tried.length >= attemptsMax || !this.#repeatable()) return false;
    const { resolver } = this.#context.instances;
    const { service } = this.#entry;
    const instance = resolver.pick(service, { exclude: this.#tried }) ?? (sameAgain ? resolver.pick(service) : undefined);
    if (!instance || !this.#context.retries.withdraw()) return false;
    this.#context.metrics.count('souk_gateway_retries_total', { upstream: service });
    this.#attemptAt(instance);
    return true;
  }

  #repeatable(): boolean {
    if (this.#body instanceof BodyRelay || this.exchange.gone || this.exchange.response.headersSent) return false;
    const { method, headers } = this.exchange.request;
    return isRead(method) || (this.#entry.idempotent && headers['idempotency-key'] !== undefined);
  }

  /** The admission, once: the breaker hears exactly one outcome. */
  #settle(): Admission | undefined {
    const admission = this.#admission;
    this.#admission = undefined;
    return admission;
  }

  /** Ends without a word about the service. */
  #abandon(error: unknown): void {
    const admission = this.#settle();
    if (admission !== undefined) this.#breaker.abandoned(admission);
    this.#refuse(error);
  }

  #refuse(error: unknown): void {
    this.#dropBody();
    this.exchange.refuse(error);
  }

  #dropBody(): void {
    if (this.#body instanceof BodyRelay) this.#body.destroy();
  }

  expired(): Error {
    const admission = this.#settle();
    this.#attempt?.drop(new Error('the time is up'));
    const late = this.#arriving && !(this.#body instanceof BodyRelay && !this.#body.hungry);
    this.#dropBody();
    if (late) {
      if (admission !== undefined) this.#breaker.abandoned(admission);
      return refusal('request_timeout');
    }
    if (admission !== undefined) this.#breaker.failed(admission, this.#context.clock.now());
    return refusal('upstream_timeout', `${this.#entry.service} took too long.`);
  }

  cancelled(): void {
    const admission = this.#settle();
    if (admission !== undefined) this.#breaker.abandoned(admission);
    this.#attempt?.drop(clientLeft);
    this.#dropBody();
  }
}

function isRead(method: string | undefined): boolean {
  return method === 'GET' || method === 'HEAD';
}

function reasonOf(error: Error): string {
  return (error as { code?: string }).code ?? error.name;
}
