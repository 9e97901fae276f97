import { getOrderDetails as detailsRoute, errorEntry, getOrderFull as fullRoute, refusal } from '@souk/contracts';
import { AppError, isUuid } from '@souk/kernel';
import { getOrderDetails } from '../use-cases/get-order-details.ts';
import type { AnsweringRoute, OwnRoute } from './own-route.ts';

const answerDetails: AnsweringRoute['answer'] = async (context, request) => {
  const order_id = request.params['order_id'] ?? '';
  if (!isUuid(order_id)) throw refusal('validation_failed', 'The address is not valid: order_id does not have the right form.');
  const outcome = await getOrderDetails(context, { ...request, order_id });
  if ('found' in outcome) return { status: 200, body: outcome.found };
  throw asOwn(outcome.refused);
};

/** The orders service's refusal as ours: same code and words, this address and correlation id. */
function asOwn({ status, body, retry_after }: { status: number; body: unknown; retry_after: string | undefined }): AppError {
  const { code, detail } = (body ?? {}) as { code?: string; detail?: string };
  const known = code !== undefined && errorEntry(code)?.status === status;
  const retry_after_s = retry_after === undefined ? undefined : Number(retry_after);
  if (known && status < 500) return new AppError(code, detail ?? 'Refused.', { retry_after_s });
  return refusal('service_unavailable', 'orders does not answer at the moment.', { retry_after_s });
}

export const orderDetailsRoutes: readonly OwnRoute[] = [
  { method: detailsRoute.method, path: detailsRoute.path, answer: answerDetails },
  { method: fullRoute.method, path: fullRoute.path, answer: answerDetails },
];
