/** A page as an answer, with the policy that it is shown under. */

import { type Answer, answerContent, type RouteRequest } from '@souk/service-kit';
import { pictureOrigins, type Tongue } from '@souk/storefront';
import { formOnce } from '../workers/publication.ts';
import { preferredCoding } from './negotiation.ts';

const htmlType = 'text/html';
const found = 200;
/** HEAD says what GET would (RFC 9110, section 9.3.2), its tag included. */
const reads: ReadonlySet<string> = new Set(['GET', 'HEAD']);
const unavailable = 503;
const retryAfterS = '5';

/** Everything a page loads comes from this shop, unless a part says more; a script turns no text into markup but by a policy that is named. */
function policyOf({ pictures = [], trusted_types }: PagePolicy): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `img-src ${["'self'", ...pictures].join(' ')}`,
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    `trusted-types ${trusted_types}`,
  ].join('; ');
}

interface PagePolicy {
  /** Other origins whose pictures are shown. */
  pictures?: readonly string[];
  trusted_types: string;
}

export interface SentPage {
  page: string;
  tongue: Tongue;
  status?: number;
  headers?: Readonly<Record<string, string>>;
  /** Values of `Set-Cookie`. */
  cookies?: readonly string[];
}

/** A page of the shop. Its script comes from this shop, pictures from this shop and from the origins that the page shows. */
export function pageAnswer(
  request: RouteRequest,
  { page, tongue, status = found, headers = {}, cookies = [] }: SentPage,
): Promise<Answer<never>> {
  return answerWithPage(request, {
    page,
    status,
    cookies,
    policy: { pictures: pictureOrigins(page), trusted_types: 'souk' },
    headers: { ...headers, 'content-language': tongue.tag, vary: 'Accept, Accept-Encoding, Accept-Language, Cookie' },
  });
}

/** The page of the console, or the one that says why there is none. */
export function consoleAnswer(request: RouteRequest, page: string, status = found): Promise<Answer<never>> {
  const headers = { vary: 'Accept-Encoding', ...(status === unavailable && { 'retry-after': retryAfterS }) };
  return answerWithPage(request, { page, status, cookies: [], policy: { trusted_types: "'none'" }, headers });
}

interface PageParts extends Required<Pick<SentPage, 'page' | 'status' | 'headers' | 'cookies'>> {
  policy: PagePolicy;
}

async function answerWithPage(request: RouteRequest, { page, status, policy, headers, cookies }: PageParts): Promise<Answer<never>> {
  const { coding, body, tag } = await formOnce(
    htmlType,
    Buffer.from(page),
    preferredCoding((name) => request.header(name)),
  );
  const all = {
    ...headers,
    // A browser asks each time whether it is still so; going back shows what was there.
    'cache-control': 'private, no-cache',
    'content-security-policy': policyOf(policy),
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=()',
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    ...(coding !== 'identity' && { 'content-encoding': coding }),
  };
  return answerContent(status, `${htmlType}; charset=utf-8`, body, {
    headers: all,
    cookies,
    ...(status === found && reads.has(request.method) && { etag: tag }),
  });
}
