import type { Json, PublishedApi } from './_published-api.ts';

/** Drives the routes of webhooks once through, with a target that no name server knows. */
export async function webhooksAreKept(api: PublishedApi, token: string): Promise<void> {
  const created = await api.call('createWebhook', {
    token,
    body: (example) => ({ ...example, url: 'https://hooks.example.invalid.org/' }),
  });
  const params = { webhook_id: String((created.body as Json)['id']) };
  await api.call('listWebhooks', { token, query: { limit: '2' } });
  const read = await api.call('getWebhook', { token, params });
  await api.call('getWebhook', { token, params, headers: { 'if-none-match': read.headers.get('etag') ?? '' }, status: 304 });
  await api.call('pingWebhook', { token, params });
  await api.call('listDeliveries', { token, params, query: { status: 'pending' } });
  await api.call('rotateWebhookSecret', { token, params });
  await api.call('replayDeliveries', { token, params });
  await api.call('changeWebhook', { token, params });
  await api.call('pingWebhook', { token, params, status: 409 });
  await api.call('createWebhook', { token, body: (example) => ({ ...example, url: 'https://127.1/' }), status: 400 });
  await api.call('deleteWebhook', { token, params });
}
