/**
 * The way of one request to an instance and back: breaker, choice of an instance, few attempts, the answer passed on as it
 * comes. Another attempt happens only before anything was answered, for requests that may be repeated or were never sent,
 * and on another instance if there is one.
 */
import { refusal } from '@souk/contracts';
import type { Instance } from '@souk/discovery';
import { type Admission, AppError, type CircuitBreaker, isConnectFailure } from '@souk/kernel';
import { forwardedCookies } from '@souk/service-kit';
import { failureOf, type Span, startAttemptSpan } from '@souk/telemetry/tracing';
import type { GatewayContext } from '../context.ts';
import { type Fields, fieldOf } from '../domain/answer-fields.ts';
import type { RouteEntry } from '../route-table.ts';
import { Attempt, type AttemptOwner } from './attempt.ts';
import { outdateWritten } from './catalogue-read.ts';
import type { Answerer, Exchange } from './exchange.ts';
import { requestHeaders, withTraceparent } from './forwarded-headers.ts';
import { noteStream } from './passed-stream.ts';
import { Patience } from './patience.ts';
import { type BodyKind, type BodyLimits, BodyRelay, readWhole, timeForBody } from './request-body.ts';
import { weighed } from './weighed-answer.ts';

const wasRead = { was_read: true } as const;
const attemptsMax = 3;
const clientLeft = new Error('the client left');
const waitedTooLong = new Error('another instance is asked');

export class ProxyRequest implements Answerer, AttemptOwner {
  readonly exchange: Exchange;
  readonly #context: GatewayContext;
  readonly #entry: RouteEntry;
  readonly #breaker: CircuitBreaker;
  readonly #patience: Patience;
  readonly #tried: string[] = [];
  #admission: Admission | undefined;
  #body: Buffer | BodyRelay | undefined;
  /** Of a body that is streamed, where the client announced it. */
  #body_length: number | undefined;
  #arriving = false;
  #headers: string[] = [];
  #attempt: Attempt | undefined;

  constructor(context: GatewayContext, entry: RouteEntry, exchange: Exchange) {
    this.#context = context;
    this.#entry = entry;
    this.exchange = exchange;
    this.#patience = new Patience(exchange, context.passive_health);
    this.#breaker = context.breakers.get(entry.service) as CircuitBreaker;
  }

  start(kind: BodyKind, limits: BodyLimits): void {
    const { exchange } = this;
    exchange.answerer = this;
    if (kind.kind === 'none') {
      this.#send();
      return;
    }
    if (kind.kind === 'streamed') this.#takeUploadPlace();
    this.#arriving = true;
    exchange.allow(this.#context.config.request_timeout_ms);
    if (exchange.expects_continue) exchange.response.writeContinue();
    if (kind.kind === 'whole') {
      readWhole(exchange, limits, this.#context.buffers, (error, body) => this.#arrived(error, body));
      return;
    }
    const started = performance.now();
    this.#body = new BodyRelay(exchange.request, limits.bytes_max, (bytes) => {
      exchange.progressed();
      exchange.deadline = Math.min(exchange.deadline, started + timeForBody(bytes, limits));
    });
    exchange.request.once('end', () => this.#bodyPassed());
    this.#body_length = kind.bytes;
    this.#send();
  }

  #takeUploadPlace(): void {
    this.exchange.response.once('close', this.#context.uploads.take());
  }

  #arrived(error: AppError | undefined, body: Buffer): void {
    this.#arriving = false;
    if (error) this.exchange.refuse(error);
    else if (!this.exchange.gone) {
      this.#body = body;
      this.#send();
    }
  }

  #bodyPassed(): void {
    this.#arriving = false;
    if (!this.exchange.response.headersSent) this.exchange.allow(this.#timeoutMs());
  }

  #timeoutMs(): number {
    return this.#entry.timeout_ms ?? this.#context.config.route_timeout_ms;
  }

  #send(): void {
    const { exchange } = this;
    const { clock, retries } = this.#context;
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
      cookie: this.#entry.cookies ? forwardedCookies(request.headers.cookie, { ...client, changes: !isRead(request.method) }) : undefined,
      host: request.headers.host ?? '',
      gateway_token: this.#context.keys.gatewayToken(this.#entry.service),
    });
    if (!this.#arriving) exchange.allow(this.#timeoutMs());
    const instance = this.#context.passive_health.pick(this.#entry.service);
    if (instance) this.#attemptAt(instance);
    else this.#abandon(refusal('service_unavailable', `No instance of ${this.#entry.service} is known.`));
  }

  #attemptAt(instance: Instance): void {
    const span = this.#attemptSpan(instance);
    const attempt = new Attempt(this, instance, span);
    this.#attempt = attempt;
    this.#tried.push(instance.instance_id);
    this.#patience.begin(instance);
    const { method = '', url = '/' } = this.exchange.request;
    try {
      attempt.begin(this.#context.pools.of(instance), {
        method,
        path: url,
        headers: span === undefined ? this.#headers : withTraceparent(this.#headers, span.traceparent),
        body: this.#body,
        body_length: this.#body_length,
      });
    } catch (error) {
      this.#abandon(error);
    }
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
  answered(status: number, fields: Fields): boolean {
    this.#patience.answered();
    // A service that says 503 with Retry-After is alive and bounds its own load; the breaker is for those that do not.
    const failed = status === 502 || status === 504 || (status === 503 && fieldOf(fields, 'retry-after') === undefined);
    if (status >= 502 && status <= 504 && this.#retry(false)) return false;
    const admission = this.#settle();
    if (admission !== undefined) this.#breaker[failed ? 'failed' : 'succeeded'](admission, this.#context.clock.now());
    if (status < 300 && !isRead(this.exchange.request.method)) outdateWritten(this.#context, this.#entry, this.exchange.path);
    this.exchange.progressed();
    if (this.#entry.streams) noteStream(this.exchange, fields);
    this.exchange.beginBody(status, this.#entry.weighs ? weighed(this.exchange, fields) : fields, wasRead);
    return true;
  }

  /** An attempt ended without a whole answer. */
  failed(attempt: Attempt, error: Error): void {
    const { exchange } = this;
    const { metrics, log, instances, passive_health } = this.#context;
    if (exchange.gone) return;
    if (error instanceof AppError) {
      this.#abandon(error);
      return;
    }
    const unreachable = isConnectFailure(error);
    if (unreachable) instances.resolver.markUnhealthy(attempt.instance, failureOf(error));
    else passive_health.suspect(attempt.instance);
    metrics.count('souk_gateway_upstream_failures_total', { upstream: this.#entry.service, kind: unreachable ? 'connect' : 'broken_off' });
    log.debug({ err: error, upstream: this.#entry.service, correlation_id: exchange.correlation_id }, 'an instance did not answer');
    if (exchange.response.headersSent) exchange.response.destroy();
    else if (!(unreachable && this.#move()) && !this.#retry(unreachable || isRead(exchange.request.method)))
      this.#giveUp(unreachable, error);
  }

  /** The instance has let this request wait. */
  check(now: number): void {
    const attempt = this.#attempt;
    if (attempt === undefined || attempt.answered || this.#body instanceof BodyRelay) return;
    const next = this.#patience.check(now);
    if (next === 'wait') return;
    // Out: it gets no further request, so this is no further load. Late: the service may be slow as a whole.
    const moves = next === 'out' ? this.#move() : this.#isRepeatable() && this.#retry(false);
    if (moves) attempt.drop(waitedTooLong);
  }

  #giveUp(unreachable: boolean, error: Error): void {
    const admission = this.#settle();
    if (admission !== undefined) this.#breaker.failed(admission, this.#context.clock.now());
    const { service } = this.#entry;
    if (unreachable) this.#refuse(refusal('service_unavailable', `${service} cannot be reached.`, {}, error));
    else this.#refuse(refusal('upstream_failed', `${service} broke off before its answer.`, {}, error));
  }

  /** Begins another attempt at another instance that is well, because this one cannot be asked: no load beyond what there was. */
  #move(): boolean {
    if (this.#tried.length >= attemptsMax || !this.#isMovable()) return false;
    const { passive_health } = this.#context;
    const instance = passive_health.pick(this.#entry.service, { exclude: this.#tried });
    return instance !== undefined && !passive_health.isOut(instance) && this.#again(instance);
  }

  /** Begins another attempt within the budget, if this request may have one. `sameAgain`: also at the only instance. */
  #retry(sameAgain: boolean): boolean {
    if (this.#tried.length >= attemptsMax || !this.#isRepeatable()) return false;
    const { passive_health, retries } = this.#context;
    const { service } = this.#entry;
    const instance =
      passive_health.pick(service, { exclude: this.#tried }) ??
      (sameAgain && this.#tried.length === 1 ? passive_health.pick(service) : undefined);
    return instance !== undefined && retries.withdraw() && this.#again(instance);
  }

  #again(instance: Instance): true {
    this.#context.metrics.count('souk_gateway_retries_total', { upstream: this.#entry.service });
    this.#attemptAt(instance);
    return true;
  }

  /** Whether it can be asked of another instance: nothing was sent yet, or it may be repeated. */
  #isMovable(): boolean {
    return this.#isWhole() && (this.#attempt?.was_sent !== true || this.#isRepeatable());
  }

  #isRepeatable(): boolean {
    if (!this.#isWhole()) return false;
    const { method, headers } = this.exchange.request;
    return isRead(method) || (this.#entry.idempotent && headers['idempotency-key'] !== undefined);
  }

  /** Whether everything that was to be sent is at hand, and nothing was answered. */
  #isWhole(): boolean {
    return !(this.#body instanceof BodyRelay || this.exchange.gone || this.exchange.response.headersSent);
  }

  /** The admission, once: the breaker gets exactly one outcome. */
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
    const had_time = (this.#attempt?.sent_for_ms ?? 0) >= this.#timeoutMs() / 2;
    this.#attempt?.drop(new Error('the time is up'));
    const late = this.#arriving && !(this.#body instanceof BodyRelay && !this.#body.hungry);
    this.#dropBody();
    // A client that is slow, and a wait for a free connection that takes most of the time, say nothing about the service.
    if (admission !== undefined) {
      if (late || !had_time) this.#breaker.abandoned(admission);
      else this.#breaker.failed(admission, this.#context.clock.now());
    }
    return late ? refusal('request_timeout') : refusal('upstream_timeout', `${this.#entry.service} took too long.`);
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
