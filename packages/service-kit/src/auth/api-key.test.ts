import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemIds } from '@souk/kernel';
import { apiKeyIdOf, apiKeyOf, apiKeySecretBytes, looksLikeApiKey } from './api-key.ts';

const id = '0198c5a4-7f00-7a10-8b20-9c30ad40be50';

test('a key has one form, from which its id can be read', () => {
  for (let round = 0; round < 200; round += 1) {
    const key = apiKeyOf(id, systemIds.secret(apiKeySecretBytes));
    assert.match(key, /^souk_live_[0-9a-f]{32}_[A-Za-z0-9_-]{43}_[0-9A-Za-z]{6}$/);
    assert.equal(apiKeyIdOf(key), id);
    assert.ok(looksLikeApiKey(key));
  }
});

test('the checksum of a given key does not change', () => {
  assert.equal(
    apiKeyOf(id, 'vJ2kq0-aLxH3mZ8wB5tRnYc7dE1fUo4iGsPp6KhQyTA'),
    'souk_live_0198c5a47f007a108b209c30ad40be50_vJ2kq0-aLxH3mZ8wB5tRnYc7dE1fUo4iGsPp6KhQyTA_2Of74m',
  );
});

test('one wrong character anywhere is no key, nor is anything before, behind or between', () => {
  const key = apiKeyOf(id, systemIds.secret(apiKeySecretBytes));
  for (let at = 0; at < key.length; at += 1) {
    const other = key[at] === 'a' ? 'b' : 'a';
    assert.equal(apiKeyIdOf(`${key.slice(0, at)}${other}${key.slice(at + 1)}`), undefined, `character ${at}`);
  }
  for (const text of [
    '',
    'souk_live_',
    ` ${key}`,
    `${key} `,
    `${key}\n`,
    key.toUpperCase(),
    key.slice(0, -1),
    `${key}0`,
    key.replace('_', '-'),
  ])
    assert.equal(apiKeyIdOf(text), undefined, text);
});
