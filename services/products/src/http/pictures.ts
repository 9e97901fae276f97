import { getPicture, refusal } from '@souk/contracts';
import { answerContent, serve } from '@souk/service-kit';
import type { ProductsContext } from '../context.ts';
import { pictureNamed } from '../use-cases/draw-picture.ts';

/** Drawn from the name alone, so a name always shows the same picture. */
const cacheControl = 'public, max-age=86400';

export const pictureRoutes = [
  serve(getPicture, async (ctx: ProductsContext, { params }) => {
    const picture = await pictureNamed(ctx, params.name);
    if (picture === undefined) throw refusal('not_found', 'There is no such picture.');
    // Opened on its own, a picture must not be able to load or run anything.
    const headers = { 'cache-control': cacheControl, 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox" };
    return answerContent(200, 'image/svg+xml; charset=utf-8', picture.svg, { etag: picture.etag, headers });
  }),
];
