import assert from 'node:assert/strict';
import { test } from 'node:test';
import { platformKeys } from './platform-keys.ts';

const internal_token = 'k3J9x-0Qw7vT2mZp8LrYb5NcHs4GdFa1';

test('every purpose and every service has a credential of its own, and none holds the internal token', () => {
  const keys = platformKeys(internal_token);
  const services = ['users', 'orders', 'gateway'];
  const all = [
    keys.scrapeToken(),
    keys.registrationToken(),
    keys.drillToken(),
    keys.identityKey().toString('base64url'),
    ...services.flatMap((service) => [keys.gatewayToken(service), keys.internalToken(service)]),
  ];
  assert.equal(new Set(all).size, all.length);
  for (const credential of all) {
    assert.match(credential, /^[A-Za-z0-9_-]{43}$/);
    assert.ok(!credential.includes(internal_token));
  }
});

test('the credentials are the same in every process with this internal token, and others with another', () => {
  assert.equal(platformKeys(internal_token).scrapeToken(), platformKeys(internal_token).scrapeToken());
  assert.notEqual(platformKeys(internal_token).scrapeToken(), platformKeys(`${internal_token}x`).scrapeToken());
  // Pinned: Prometheus keeps its token in a file, so that the derivation cannot change unnoticed.
  assert.equal(platformKeys(internal_token).scrapeToken(), 'WAEVXfmtIHhjluOWgY1NiLJ3DfwKfRSOVl9U-RL10gg');
});
