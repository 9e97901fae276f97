import { errorEntry, type Problem, type ResponseOf, type RouteDeclaration, refusal } from '@souk/contracts';
import { originOf } from '@souk/discovery';
import { AppError } from '@souk/kernel';
import { type CallContext, type CallOptions, callService, type ServiceAnswer } from './call-service.ts';
import type { InstanceDirectory } from './instance-directory.ts';

const attemptsMax = 2;

/**
 * Calls a route of any instance of its service. A GET that gets no answer is sent to another instance too; anything else is sent
 * once, for it may have been done. Throws the refusal of the service, or `service_unavailable`.
 */
export async function askService<R extends RouteDeclaration>(
  context: CallContext & { readonly directory: InstanceDirectory },
  route: R,
  options: CallOptions<R>,
): Promise<ServiceAnswer<ResponseOf<R>>> {
  const known = await context.directory.candidates(route.service);
  const candidates = known.slice(0, route.method === 'GET' ? attemptsMax : 1);
  let cause: unknown = refusal('service_unavailable', `No instance of ${route.service} is known.`, { service: route.service });
  for (const instance of candidates) {
    try {
      const answer = await callService(context, originOf(instance), route, { ...options, returns_429: true });
      if (answer.status < 400) return answer;
      cause = serviceRefusal(route.service, answer as ServiceAnswer<unknown>);
      break;
    } catch (error) {
      cause = error;
      if (options.signal?.aborted) break;
    }
  }
  throw cause;
}

/** The refusal of a service as one of ours, where its code is known; otherwise `service_unavailable`. */
export function serviceRefusal(service: string, { status, body, headers }: ServiceAnswer<unknown>): AppError {
  const { code = '', detail = 'Refused.', errors, current } = (body ?? {}) as Partial<Problem>;
  if (errorEntry(code)?.status !== status) return refusal('service_unavailable', `${service} does not answer at the moment.`, { service });
  const retry_after_s = Number(headers['retry-after']);
  return new AppError(code, detail, {
    ...(errors && { errors }),
    ...(current !== undefined && { current }),
    ...(retry_after_s > 0 && { retry_after_s }),
  });
}
