/** Where the poster connects to, and where not, whatever a name leads to at that moment. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createResolve, type ResolvedAddress } from '../src/clients/resolve-public.ts';
import { createWebhookPoster } from '../src/clients/webhook-poster.ts';
import { aReceiver, type Receiver } from './_webhooks.ts';

const never = new AbortController().signal;
const headers = { 'content-type': 'application/json' };
let receiver: Receiver;
before(async () => {
  receiver = await aReceiver();
});
after(() => receiver.close());

const port = (): string => new URL(receiver.url).port;
const v4 = (address: string): ResolvedAddress => ({ address, family: 4 });
const poster = (resolve: () => Promise<ResolvedAddress[]>, allow_private = false, timeout_ms = 2_000) =>
  createWebhookPoster({ resolve, allow_private, timeout_ms });

test('a name of which any address is private is refused before a connection is made, at each attempt', async () => {
  const answers = [
    [v4('127.0.0.1')],
    [v4('93.184.216.34'), v4('10.0.0.1')],
    [{ address: '::ffff:127.0.0.1', family: 6 as const }],
    [v4('169.254.169.254')],
  ];
  let asked = 0;
  const refused = poster(async () => answers[asked++] ?? []);
  for (const _answer of answers)
    assert.deepEqual(await refused.post(`https://rebinding.example:${port()}/`, headers, '{}', never), {
      status: null,
      failure: 'target_refused',
    });
  assert.equal(asked, answers.length, 'the name is asked for once for each attempt');
  assert.equal(receiver.got.length, 0);
});

test('a name that turns private after it was checked is not asked for again: the checked address is connected to', async () => {
  let asked = 0;
  // Public at the first question, the loopback address from then on: who asks twice posts to the inside.
  const rebinding = poster(async () => [v4(asked++ === 0 ? '1.1.1.1' : '127.0.0.1')], false, 300);
  const outcome = await rebinding.post(`https://rebinding.example:${port()}/`, headers, '{}', never);
  assert.equal(outcome.status, null);
  assert.ok(outcome.status === null && outcome.failure !== 'target_refused', JSON.stringify(outcome));
  assert.equal(asked, 1);
  assert.equal(receiver.got.length, 0);
});

test('plain HTTP, addresses and private names are not posted to, whatever was stored while they were allowed', async () => {
  const strict = poster(async () => [v4('93.184.216.34')]);
  for (const target of [
    receiver.url,
    ...['127.0.0.1', '2130706433', '[::ffff:7f00:1]', 'localhost'].map((host) => `https://${host}:${port()}/`),
  ])
    assert.deepEqual(await strict.post(target, headers, '{}', never), { status: null, failure: 'target_refused' }, target);
  assert.equal(receiver.got.length, 0);
});

test('proxy variables of the process mean nothing', async () => {
  const before = { ...process.env };
  Object.assign(process.env, { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: receiver.url, HTTPS_PROXY: receiver.url, http_proxy: receiver.url });
  try {
    const other = await aReceiver();
    assert.deepEqual(await poster(async () => [], true).post(other.url, headers, '{}', never), { status: 204, retry_after: undefined });
    assert.deepEqual([other.got.length, receiver.got.length], [1, 0]);
    await other.close();
  } finally {
    process.env = before;
  }
});

test('an answer that never comes ends at the time limit, one that never ends does not count', async () => {
  receiver.state.answer = () => undefined;
  assert.deepEqual(await poster(async () => [], true, 200).post(receiver.url, headers, '{}', never), { status: null, failure: 'timeout' });
  receiver.state.answer = (_posted, response) => {
    response.writeHead(200);
    const more = (): void => {
      response.write('x'.repeat(65_536));
      if (!response.destroyed) setImmediate(more);
    };
    more();
  };
  assert.deepEqual(await poster(async () => [], true).post(receiver.url, headers, '{}', never), { status: 200, retry_after: undefined });
});

test('a stop ends what is under way', async () => {
  receiver.state.answer = () => undefined;
  const stop = new AbortController();
  const posting = poster(async () => [], true).post(receiver.url, headers, '{}', stop.signal);
  stop.abort();
  assert.equal((await posting).status, null);
});

test('a name that nothing is known of is said to be unknown', async () => {
  const unknown = createWebhookPoster({ resolve: createResolve(), allow_private: false, timeout_ms: 15_000 });
  const outcome = await unknown.post('https://nothing-here.example/', headers, '{}', never);
  assert.ok(outcome.status === null && ['name_unknown', 'timeout', 'connection_failed'].includes(outcome.failure), JSON.stringify(outcome));
});
