/** Documents of the graph at a running shop: answered, and refused in each way that a client can cause. */
import assert from 'node:assert/strict';
import type { Json, PublishedApi } from './_published-api.ts';

const unknownId = '0198c5a4-0000-7000-8000-000000000000';

/** Each answer is held to the published form; `token` is that of the customer. */
export async function documentsAreAnswered(api: PublishedApi, { token, user_id }: { token: string; user_id: string }): Promise<void> {
  const answer = (await api.call('runGraphql')).body as { data: { products: { nodes: Json[] } }; errors?: unknown };
  assert.deepEqual([answer.data.products.nodes.length, answer.errors], [2, undefined]);
  const own = await api.call('runGraphql', { token, body: () => ({ query: '{ me { id } }' }) });
  assert.deepEqual((own.body as Json)['data'], { me: { id: user_id } });
  for (const [query, code] of [
    ['{ me { id } }', 'token_missing'],
    ['{ secrets }', 'graphql_invalid'],
    ['{ products(limit: 2000) { nodes { id } } }', 'graphql_too_costly'],
    [`{ product(id: "${unknownId}") { id } }`, 'not_found'],
    ['{ product(id: "x") { id } }', 'validation_failed'],
  ] as const) {
    const { errors } = (await api.call('runGraphql', { body: () => ({ query }) })).body as { errors: { extensions: Json }[] };
    assert.equal(errors[0]?.extensions['code'], code, query);
  }
  const { errors } = (await api.call('runRegisteredGraphql', { query: { id: 'a'.repeat(64) } })).body as {
    errors: { extensions: Json }[];
  };
  assert.equal(errors[0]?.extensions['code'], 'document_unknown');
  const { headers, body: beginning } = await api.call('runGraphql', { headers: { accept: 'text/event-stream' } });
  assert.deepEqual([headers.get('content-type'), String(beginning).split('\n')[0]], ['text/event-stream', 'event: next']);
  await api.call('runGraphql', { body: () => ({ query: '# '.repeat(20_000) }), status: 413 });
  await api.call('getGraphqlSchema');
}
