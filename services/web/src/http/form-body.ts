/** The body of a form as browsers send it. */
import { refusal } from '@souk/contracts';
import type { RouteRequest } from '@souk/service-kit';

const membersMax = 100;

export type FormBody = ReadonlyMap<string, string>;

/** Its members by name, of several with one name the first. Throws `validation_failed` and `body_too_large`. */
export async function readForm({ raw_body }: Pick<RouteRequest, 'raw_body'>): Promise<FormBody> {
  const chunks: Buffer[] = [];
  for await (const chunk of raw_body) chunks.push(chunk as Buffer);
  const members = [...new URLSearchParams(Buffer.concat(chunks).toString('utf8'))];
  if (members.length > membersMax) throw refusal('validation_failed', `A form has at most ${membersMax} members.`);
  return new Map(members.toReversed());
}

/** The text of a member without what is around it; undefined where it is missing or empty. */
export function textOf(form: FormBody, name: string): string | undefined {
  const text = form.get(name)?.trim();
  return text === undefined || text === '' ? undefined : text;
}

const lineLengthMax = 4_000;

/** The text of a field of one line; empty where it is missing. */
export function lineOf(form: FormBody, name: string): string {
  return (form.get(name) ?? '')
    .slice(0, lineLengthMax)
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, ' ')
    .trim()
    .normalize('NFC');
}
