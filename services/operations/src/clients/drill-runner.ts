/** The process that runs the shop, as far as it carries out drills. */
import { refusal } from '@souk/contracts';
import { platformKeys } from '@souk/kernel/platform-keys';
import type { ServiceAnswer } from '@souk/service-kit';
import type { OperationsContext } from '../context.ts';

const timeoutMs = 5_000;

interface RunnerRequest {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  body: unknown;
}

/** Throws `service_unavailable` where there is no answer. */
export async function askRunner(
  { config }: OperationsContext,
  url: string,
  { method, path, body }: RunnerRequest,
): Promise<ServiceAnswer<unknown>> {
  try {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${platformKeys(config.internal_token).drillToken()}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    return { status: answer.status, body: await answer.json(), headers: {} };
  } catch (error) {
    throw refusal('service_unavailable', 'The process that runs the shop does not answer.', {}, error);
  }
}
