import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Receipt, ReceiptKey, ReceiptKeySet } from '@souk/contracts';
import { checkReceipt } from '../src/receipt/check-receipt.ts';
import { folder, souk } from './_commands.ts';

const issued_at = '2026-11-30T08:00:00.000Z';
const receipt: Receipt = {
  version: 1,
  issued_at,
  order: {
    id: '0198c5a4-0000-7000-8000-000000000001',
    order_number: 'S-10001',
    status: 'confirmed',
    cancel_reason: null,
    version: 3,
    placed_at: issued_at,
    currency: 'EUR',
    total_amount: 259.9,
    items: [
      {
        product_id: '0198c5a4-0000-7000-8000-0000000000cc',
        sku: 'K1',
        name: 'Copper kettle – größer',
        quantity: 2,
        price: 129.95,
        line_total: 259.9,
      },
    ],
  },
  money: {
    provider: 'sandbox',
    charged: 259.9,
    refunded: 0,
    refund_pending: 0,
    charges: [{ id: 'c', amount: 259.9, at: issued_at }],
    refunds: [],
  },
  stock: { state: 'held', pieces: [{ product_id: '0198c5a4-0000-7000-8000-0000000000cc', quantity: 2 }], held_at: issued_at },
  checks: [{ rule: 'stock', statement: 'It is there.', outcome: 'holds', found: [], checked_at: issued_at }],
};

interface Signer {
  key: ReceiptKey;
  private_key: KeyObject;
}

function aSigner(kid: string, changes: Partial<ReceiptKey> = {}): Signer {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const x = String(publicKey.export({ format: 'jwk' }).x);
  const key: ReceiptKey = {
    kty: 'OKP',
    crv: 'Ed25519',
    x,
    kid,
    alg: 'EdDSA',
    use: 'sig',
    active_from: '2026-11-29T00:00:00.000Z',
    retired_at: null,
    ...changes,
  };
  return { key, private_key: privateKey };
}

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function jwsOf({ key, private_key }: Signer, payload: unknown, header: object = {}): string {
  const signed = `${encoded({ alg: 'EdDSA', kid: key.kid, typ: 'souk-receipt', ...header })}.${encoded(payload)}`;
  return `${signed}.${sign(null, Buffer.from(signed), private_key).toString('base64url')}`;
}

const shop = aSigner('shop-key');
const set: ReceiptKeySet = { keys: [aSigner('other').key, shop.key] };
const genuine = JSON.stringify({ receipt, jws: jwsOf(shop, receipt) });
const whyRefused = (text: string, keys: ReceiptKeySet = set): string => {
  const check = checkReceipt(text, keys);
  return check.kind === 'refused' ? check.why : 'genuine';
};

describe('a receipt', () => {
  it('is genuine as it came, and indented by two spaces', () => {
    assert.equal(whyRefused(genuine), 'genuine');
    assert.equal(whyRefused(`${genuine}\n`), 'genuine');
    assert.equal(whyRefused(JSON.stringify(JSON.parse(genuine), null, 2)), 'genuine');
  });

  it('is refused with any one byte of its file changed, removed or doubled', () => {
    const bytes = Buffer.from(genuine);
    for (let place = 0; place < bytes.length; place += 1) {
      const changed = Buffer.from(bytes);
      changed[place] = (changed[place] ?? 0) ^ 1;
      const removed = Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + 1)]);
      const doubled = Buffer.concat([bytes.subarray(0, place + 1), bytes.subarray(place)]);
      for (const altered of [changed, removed, doubled]) assert.notEqual(whyRefused(altered.toString('utf8')), 'genuine', `byte ${place}`);
    }
  });

  it('is refused however it is forged', () => {
    const stranger = aSigner('shop-key');
    const other = { ...receipt, money: { ...receipt.money, charged: 1 } };
    const written = (said: unknown, jws: string): string => JSON.stringify({ receipt: said, jws });
    const cases: [text: string, why: RegExp][] = [
      [written(receipt, jwsOf(stranger, receipt)), /altered, or not signed by the shop/],
      [written(receipt, jwsOf(aSigner('gone'), receipt)), /the key gone, which is not in the key set/],
      [written(other, jwsOf(shop, receipt)), /not what was signed/],
      [written(receipt, jwsOf(shop, receipt, { typ: 'JWT' })), /not one of a receipt/],
      [written(receipt, jwsOf(shop, receipt, { alg: 'none' })), /not one of a receipt/],
      [written(receipt, jwsOf(shop, receipt).split('.').slice(0, 2).join('.')), /not one of a receipt/],
      [written(receipt, `${encoded({ alg: 'none' })}.${encoded(receipt)}.`), /not one of a receipt/],
      [genuine.replace('{"receipt"', `{"receipt":${JSON.stringify(other)},"receipt"`), /not a receipt/],
      [genuine.replace('"jws"', '"note":"paid","jws"'), /not a receipt/],
      [jwsOf(shop, receipt), /not a receipt/],
      ['{"receipt":null,"jws":""}', /not a receipt/],
      ['[]', /not a receipt/],
      ['null', /not a receipt/],
      ['', /not a receipt/],
    ];
    for (const [text, why] of cases) assert.match(whyRefused(text), why, text.slice(0, 80));
    assert.match(whyRefused(genuine, { keys: [{ ...shop.key, x: 'no key' }] }), /altered, or not signed/);
  });

  it('stays genuine when its key has retired, and is refused when the key did not sign at its time', () => {
    const at = (changes: Partial<ReceiptKey>): string => whyRefused(genuine, { keys: [{ ...shop.key, ...changes }] });
    assert.equal(at({ retired_at: '2026-11-30T09:00:00.000Z' }), 'genuine');
    assert.match(at({ retired_at: '2026-11-30T07:00:00.000Z' }), /when its key did not sign/);
    assert.match(at({ active_from: '2026-11-30T09:00:00.000Z' }), /when its key did not sign/);
  });
});

describe('souk verify-receipt', () => {
  const file = async (name: string, text: string): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, text);
    return path;
  };

  it('needs neither shop nor network with a key set in a file, and says what was signed', async () => {
    const [path, keys] = [await file('receipt.json', genuine), await file('keys.json', JSON.stringify(set))];
    const { code, stdout, stderr } = await souk(['verify-receipt', path, '--keys', keys]);
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, /^genuine: order S-10001 \(confirmed\), signed on 2026-11-30T08:00:00\.000Z with the key shop-key\n/);
    assert.match(stdout, /money: +259\.9 EUR charged in one charge, 0 EUR given back, by the record of sandbox\n/);
    assert.match(stdout, /stock: +2 × Copper kettle – größer: held\nrules: +1 of 1 held when it was issued\n$/);
  });

  it('says how the total came about, where the receipt has it', async () => {
    const totals = { items_total: 250, shipping_total: 9.9, tax_total: 41.5, tax_included: true, tax_lines: [], shipping_method: null };
    const taxed = { ...receipt, order: { ...receipt.order, totals } };
    const [path, keys] = [
      await file('taxed.json', JSON.stringify({ receipt: taxed, jws: jwsOf(shop, taxed) })),
      await file('keys.json', JSON.stringify(set)),
    ];
    const { code, stdout } = await souk(['verify-receipt', path, '--keys', keys]);
    assert.equal(code, 0);
    assert.match(stdout, /total: +259\.9 EUR: 250 EUR goods, 9\.9 EUR shipping, 41\.5 EUR tax \(in these amounts\)\n/);
  });

  it('ends with 1 and one sentence for what is not genuine, and with 2 for what cannot be checked', async () => {
    const [path, keys] = [await file('altered.json', genuine.replace('259.9', '1.00')), await file('keys.json', JSON.stringify(set))];
    const altered = await souk(['verify-receipt', path, '--keys', keys]);
    assert.deepEqual([altered.code, altered.stdout], [1, '']);
    assert.match(altered.stderr, /^souk: The receipt is not genuine: [^\n]+\.\n$/);
    const unchecked: [args: string[], said: RegExp][] = [
      [[join(folder, 'none.json'), '--keys', keys], /^souk: The receipt ".*none\.json" cannot be read \(ENOENT[^\n]*\)\.\n$/],
      [[folder, '--keys', keys], /is not a file\.\n$/],
      [[path, '--keys', path], /is not a key set as[^\n]*\n$/],
      [[path, '--keys', join(folder, 'none.json')], /^souk: The key set ".*" cannot be read[^\n]*\n$/],
      [[path], /^souk: There is no key set in .*--keys FILE\.\n$/],
    ];
    for (const [args, said] of unchecked) {
      const outcome = await souk(['verify-receipt', ...args]);
      assert.deepEqual([outcome.code, outcome.stdout], [2, ''], outcome.stderr);
      assert.match(outcome.stderr, said);
    }
    assert.equal((await souk(['verify-receipt'])).code, 64);
  });
});
