import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isOutdated, parseHash, printHash } from './password-hash.ts';

const cost = { memory_kib: 19_456, passes: 2, lanes: 1 };

describe('a password hash', () => {
  it('is read as it was written', () => {
    const salt = Buffer.alloc(16, 7);
    const tag = Buffer.alloc(32, 9);
    const text = printHash({ cost, salt, tag });
    assert.equal(text, '$argon2id$v=19$m=19456,t=2,p=1$BwcHBwcHBwcHBwcHBwcHBw$CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk');
    assert.deepEqual(parseHash(text), { cost, salt, tag });
  });

  it('of another kind is none', () => {
    for (const text of ['!', '', '$2b$10$abcdefghijklmnopqrstuv', '$argon2i$v=19$m=8,t=1,p=1$BwcHBwcHBwc$CQkJCQkJCQkJCQkJCQkJCQ']) {
      assert.equal(parseHash(text), undefined);
    }
  });

  it('made at another cost is outdated', () => {
    const hash = { cost, salt: Buffer.alloc(16), tag: Buffer.alloc(32) };
    assert.equal(isOutdated(hash, cost), false);
    for (const wanted of [
      { ...cost, memory_kib: 65_536 },
      { ...cost, passes: 3 },
      { ...cost, lanes: 2 },
    ])
      assert.equal(isOutdated(hash, wanted), true);
  });
});
