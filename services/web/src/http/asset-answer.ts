/** A file that pages load, as an answer: a browser keeps it, since its name changes with its content. */
import { type Answer, answerContent, type RouteRequest } from '@souk/service-kit';
import type { Publication } from '../workers/publication.ts';
import { preferredCoding } from './negotiation.ts';

const immutable = 'public, max-age=31536000, immutable';

export async function assetAnswer(asset: Publication, request: RouteRequest): Promise<Answer<never>> {
  const { coding, body, tag } = await asset.form(preferredCoding((name) => request.header(name)));
  const headers = {
    'cache-control': immutable,
    vary: 'Accept-Encoding',
    'x-content-type-options': 'nosniff',
    ...(coding !== 'identity' && { 'content-encoding': coding }),
  };
  const charset = asset.media_type.startsWith('text/') ? '; charset=utf-8' : '';
  return answerContent(200, `${asset.media_type}${charset}`, body, { etag: tag, headers });
}
