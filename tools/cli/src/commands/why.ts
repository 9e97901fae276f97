/** `souk why`: the explanation of one order, asked of the operations service by an internal route, so that it needs no account. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient, ProblemError } from '@souk/client';
import { explainOrderRoute, type OrderExplanation, refusal } from '@souk/contracts';
import { isUuid } from '@souk/kernel';
import { platformKeys } from '@souk/kernel/platform-keys';
import { readConfig } from '../config.ts';
import { needRunning } from '../running.ts';
import { explanationText } from '../why/explanation-text.ts';

const timeoutMs = 20_000;
const incompletely = 2;
const unknownOrder = 1;
const orderNumber = /^S-[0-9]{5,}$/;

/** Prints the explanation; what cannot be asked is a refusal. */
export async function explainOrder(order: string, json: boolean): Promise<number> {
  const wanted = order.trim();
  const id = isUuid(wanted.toLowerCase()) ? wanted.toLowerCase() : wanted.toUpperCase();
  if (!isUuid(id) && !orderNumber.test(id))
    throw refusal('validation_failed', `${JSON.stringify(order)} is neither the id of an order nor its number, such as S-10001.`);
  const { home } = readConfig();
  const { urls } = await needRunning(home);
  const internal_token = (await readFile(join(home, 'secrets', 'internal_token'), 'utf8')).trim();
  const explanation = await ask(urls['operations'] ?? '', platformKeys(internal_token).internalToken('operations'), id);
  if (explanation === undefined) {
    process.stderr.write(`souk: There is no order ${id}.\n`);
    return unknownOrder;
  }
  const colours = process.stdout.isTTY === true;
  process.stdout.write(
    json ? `${JSON.stringify(explanation, null, 2)}\n` : explanationText(explanation, { colours, width: process.stdout.columns }),
  );
  return explanation.incomplete.length === 0 ? 0 : incompletely;
}

async function ask(base_url: string, token: string, order: string): Promise<OrderExplanation | undefined> {
  const operations = createClient({ base_url, token, retries: 0 });
  try {
    return await operations.must(explainOrderRoute, { params: { order }, timeout_ms: timeoutMs });
  } catch (error) {
    if (!(error instanceof ProblemError)) throw refusal('service_unavailable', 'The operations service does not answer.', {}, error);
    if (error.code === 'not_found') return undefined;
    throw refusal('service_unavailable', `The explanation cannot be said: ${error.detail}`, {}, error);
  }
}
