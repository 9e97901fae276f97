/**
 * One of several operations instances audits and observes, so that no work is done twice and `since` is the same whichever is asked:
 * the one that has been registered longest among those that gateways find healthy. Its lease in the registry bounds its leadership.
 */
import type { ResponseOf, RouteDeclaration } from '@souk/contracts';
import { originOf } from '@souk/discovery';
import { type CallOptions, callService, type KnownInstance } from '@souk/service-kit';
import type { OperationsContext } from '../context.ts';

/** Whether this instance leads, by the list of instances as read last. */
export function leads(context: OperationsContext): boolean {
  return otherLeader(context) === undefined;
}

/** The leader's answer to the internal route; what `answerHere` gives where this instance leads or the leader does not answer. */
export async function askLeader<R extends RouteDeclaration>(
  context: OperationsContext,
  route: R,
  options: CallOptions<R>,
  answerHere: () => Promise<ResponseOf<R>>,
): Promise<ResponseOf<R>> {
  await context.directory.refresh();
  const leader = otherLeader(context);
  if (leader === undefined) return answerHere();
  try {
    const { status, body } = await callService(context, originOf(leader), route, { ...options, internal: true });
    if (status === 200) return body;
    context.log.warn({ leader: leader.instance_id, status }, 'the leading operations instance refuses; answered here instead');
  } catch (error) {
    context.log.warn({ leader: leader.instance_id, err: error }, 'the leading operations instance does not answer; answered here instead');
  }
  return answerHere();
}

function otherLeader({ directory, instance_id }: OperationsContext): KnownInstance | undefined {
  const [leader] = directory
    .of('operations')
    .filter(({ healthy }) => healthy)
    .sort((left, right) => orderOf(left).localeCompare(orderOf(right)));
  return leader?.instance_id === instance_id ? undefined : leader;
}

/** Times of registration are RFC 3339 in UTC, which sort as text. */
function orderOf({ registered_at, instance_id }: KnownInstance): string {
  return `${registered_at ?? ''} ${instance_id}`;
}
