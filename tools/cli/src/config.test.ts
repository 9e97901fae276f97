import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readConfig } from './config.ts';

describe('drills', () => {
  const areAllowed = (env: Record<string, string>): boolean => readConfig(env).drills;

  it('are allowed where nothing says that customers depend on the shop', () => {
    assert.equal(areAllowed({}), true);
    for (const env of [{ SHOP_URL: 'https://shop.example' }, { TRUSTED_PROXIES: '127.0.0.1' }, { NODE_ENV: 'production' }])
      assert.equal(areAllowed(env as Record<string, string>), false, JSON.stringify(env));
  });

  it('are allowed or not where it is said', () => {
    assert.equal(areAllowed({ SOUK_DRILLS: '0' }), false);
    assert.equal(areAllowed({ SOUK_DRILLS: '1', SHOP_URL: 'https://shop.example' }), true);
    assert.throws(() => areAllowed({ SOUK_DRILLS: 'sometimes' }), { code: 'config_invalid' });
  });
});
