import { type Answer, answerContent, type RouteRequest } from '@souk/service-kit';
import { formOnce } from '../workers/publication.ts';
import { preferredCoding } from './negotiation.ts';

/** A small file that is written for this request. Not for shared caches: an origin in it may be that of the request. */
export async function fileAnswer(request: RouteRequest, type: string, text: string): Promise<Answer<never>> {
  const coding = preferredCoding((name) => request.header(name));
  const form = await formOnce(type, Buffer.from(text), coding);
  const headers = {
    'cache-control': 'private, max-age=600',
    vary: 'Accept-Encoding',
    'x-content-type-options': 'nosniff',
    ...(form.coding !== 'identity' && { 'content-encoding': form.coding }),
  };
  return answerContent(200, `${type}; charset=utf-8`, form.body, { etag: form.tag, headers });
}
