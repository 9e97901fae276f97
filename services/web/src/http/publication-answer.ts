/** A page or document of the reference as an answer: in the content type and the coding that the client prefers. */
import { type Answer, answerContent, preferredType, type RouteRequest } from '@souk/service-kit';
import type { Publication } from '../workers/publication.ts';
import { preferredCoding } from './negotiation.ts';

const htmlType = 'text/html';
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');
const cacheControl = 'public, max-age=60, stale-while-revalidate=600';

export async function publicationAnswer(found: Publication | readonly Publication[], request: RouteRequest): Promise<Answer<never>> {
  const header = (name: string) => request.header(name);
  const choices = 'form' in found ? [found] : found;
  const type =
    choices.length === 1
      ? choices[0]?.media_type
      : preferredType(
          header('accept'),
          choices.map(({ media_type }) => media_type),
        );
  const chosen = choices.find(({ media_type }) => media_type === type) as Publication;
  const { coding, body, tag } = await chosen.form(preferredCoding(header));
  const headers = {
    'cache-control': cacheControl,
    vary: choices.length === 1 ? 'Accept-Encoding' : 'Accept, Accept-Encoding',
    ...(coding !== 'identity' && { 'content-encoding': coding }),
    ...(chosen.media_type === htmlType && {
      'content-security-policy': policy,
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    }),
  };
  return answerContent(200, `${chosen.media_type}; charset=utf-8`, body, { etag: tag, headers });
}
