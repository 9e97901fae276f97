/** Requests of a run: they reach the handlers of the declared routes as HTTP would, without sockets, and get lost with the service that works on them. */
import { AppError } from '@souk/kernel';
import type { Random } from '@souk/prove/random';
import type { Caller, HttpEdge, HttpEdgeOptions, RouteRequest, ServedRoute } from '@souk/service-kit';
import type { Life, World } from './world.ts';

export interface Request {
  /** As declared, such as `/api/orders/{order_id}/cancel`. */
  path: string;
  method: 'GET' | 'POST';
  params?: Readonly<Record<string, string>>;
  query?: Readonly<Record<string, unknown>>;
  body?: unknown;
  caller?: Caller;
  idempotency_key?: string;
}

/** `lost`: no answer came; the work may have been done or not. */
export type Reply = { kind: 'answered'; status: number; body: unknown } | { kind: 'refused'; code: string } | { kind: 'lost' };

interface Served {
  readonly life: Life;
  readonly context: unknown;
  readonly routes: readonly ServedRoute<unknown>[];
  listening: boolean;
  /** Cuts the requests under way. */
  readonly cuts: Set<() => void>;
}

export class Edges {
  readonly #world: World;
  readonly #served = new Map<string, Served>();
  /** Clients of a run are patient. */
  readonly #stays = new AbortController().signal;

  constructor(world: World) {
    this.#world = world;
  }

  /** Takes the place of the server of a service that is being built. */
  add(options: HttpEdgeOptions<unknown>): HttpEdge {
    const life = this.#world.life();
    const served: Served = { life, context: options.context, routes: options.routes, listening: false, cuts: new Set() };
    this.#served.set(life.actor, served);
    return {
      listen: async () => {
        served.listening = true;
        return 1;
      },
      inFlight: () => served.cuts.size,
      close: async () => {
        served.listening = false;
      },
    };
  }

  /** Whether the service takes requests. */
  isUp(service: string): boolean {
    const served = this.#served.get(service);
    return served?.life.alive === true && served.listening;
  }

  /** The service has crashed: whoever waits for an answer learns that there will be none. */
  cut(service: string): void {
    const served = this.#served.get(service);
    for (const cut of served?.cuts ?? []) cut();
    served?.cuts.clear();
  }

  /** Puts a request to a service. Never rejects. */
  ask(service: string, request: Request): Promise<Reply> {
    const client = this.#world.life();
    return new Promise((resolve) => {
      const answer = (reply: Reply): void => {
        this.#world.plan(client, this.#world.duration(service, 'requests'), `reply ${JSON.stringify(reply)}`, () => resolve(reply));
      };
      this.#world.plan(client, this.#world.duration(service, 'requests'), `${request.method} ${request.path}`, () => {
        const served = this.#served.get(service);
        if (served === undefined || !this.isUp(service)) answer({ kind: 'lost' });
        else this.#handle(served, request, answer);
      });
    });
  }

  #handle(served: Served, request: Request, answer: (reply: Reply) => void): void {
    const { method, path } = request;
    const found = served.routes.find(({ route }) => route.method === method && route.path === path);
    if (found === undefined) throw new Error(`${served.life.actor} has no route ${method} ${path}`);
    const cut = (): void => answer({ kind: 'lost' });
    served.cuts.add(cut);
    const end = (reply: Reply): void => {
      if (served.cuts.delete(cut)) answer(reply);
    };
    this.#world.as(served.life, () => {
      found.handler(served.context, asRouteRequest(found, request, { random: this.#world.random('requests'), signal: this.#stays })).then(
        ({ status, body, text }) => end({ kind: 'answered', status, body: text === undefined ? body : JSON.parse(text) }),
        (error: unknown) => end({ kind: 'refused', code: error instanceof AppError ? error.code : `internal: ${String(error)}` }),
      );
    });
  }
}

interface RequestParts {
  random: Random;
  signal: AbortSignal;
}

function asRouteRequest({ route }: ServedRoute<unknown>, request: Request, { random, signal }: RequestParts): RouteRequest {
  const digits = Array.from({ length: 32 }, () => random.between(0, 15).toString(16)).join('');
  const correlation_id = `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-8${digits.slice(17, 20)}-${digits.slice(20)}`;
  const { caller } = request;
  return {
    route,
    method: request.method,
    body: request.body,
    query: request.query ?? {},
    params: request.params ?? {},
    caller,
    cause: { correlation_id, ...(caller && { actor: caller.actor }) },
    correlation_id,
    url: request.path,
    body_text: '',
    idempotency_key: request.idempotency_key,
    prefer_wait_ms: 0,
    if_match: undefined,
    if_none_match: undefined,
    signal,
    client_address: '127.0.0.1',
    header: () => undefined,
  } as unknown as RouteRequest;
}
