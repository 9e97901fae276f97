/** Mail that is signed, as a receiver with the public key sees it. */
import assert from 'node:assert/strict';
import { createHash, createVerify, generateKeyPairSync } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { SMTPServer } from 'smtp-server';
import { dkimKeyOf } from '../src/clients/dkim-key.ts';
import { createSmtpSender } from '../src/clients/smtp-sender.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const settings = { mail_dkim_domain: 'tea.example', mail_dkim_selector: 'souk2026', mail_dkim_private_key: pem };

const relaxedValue = (value: string): string =>
  value
    .replaceAll(/\r\n(?=[ \t])/g, '')
    .replaceAll(/[ \t]+/g, ' ')
    .trim();
const relaxedBody = (body: string): string =>
  `${body
    .split('\r\n')
    .map((line) => line.replaceAll(/[ \t]+/g, ' ').trimEnd())
    .join('\r\n')
    .replace(/(?:\r\n)+$/, '')}\r\n`;

/** Whether the signature is that of the key over the headers it names and the body (RFC 6376, relaxed canonicalisation of both). */
function isGenuine(raw: string): boolean {
  const [head = '', ...rest] = raw.split('\r\n\r\n');
  const headers = head
    .split(/\r\n(?![ \t])/)
    .map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1)]);
  const signature = headers.find(([name]) => name === 'dkim-signature')?.[1] ?? '';
  const tags = new Map(
    signature.split(';').map((tag) => [tag.split('=')[0]?.trim(), tag.slice(tag.indexOf('=') + 1).replaceAll(/\s/g, '')]),
  );
  assert.deepEqual(
    [tags.get('d'), tags.get('s'), tags.get('c'), tags.get('a')],
    ['tea.example', 'souk2026', 'relaxed/relaxed', 'rsa-sha256'],
  );
  const named = (tags.get('h') ?? '').toLowerCase().split(':');
  for (const name of ['from', 'to', 'subject', 'message-id', 'references']) assert.ok(named.includes(name), name);
  const signed = named.flatMap((name) =>
    headers.filter(([other]) => other === name).map(([, value = '']) => `${name}:${relaxedValue(value)}\r\n`),
  );
  const unsigned = relaxedValue(signature.replace(/([;\s]b=)[^;]*/, '$1'));
  const verifier = createVerify('RSA-SHA256').update(`${signed.join('')}dkim-signature:${unsigned}`, 'latin1');
  const bodyHash = createHash('sha256')
    .update(relaxedBody(rest.join('\r\n\r\n')), 'latin1')
    .digest('base64');
  return tags.get('bh') === bodyHash && verifier.verify(publicKey, tags.get('b') ?? '', 'base64');
}

test('a mail is signed with the key of the shop, over its headers and its text', async () => {
  const got: string[] = [];
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData: (stream, _session, done) => {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        got.push(Buffer.concat(parts).toString('latin1'));
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  const shop = { url: `smtp://127.0.0.1:${port}`, from: 'shop@tea.example', shop_name: 'Tea', timeout_ms: 5_000, connections_max: 1 };
  const [signing, plain] = [createSmtpSender({ ...shop, dkim: dkimKeyOf(settings) }), createSmtpSender({ ...shop, dkim: dkimKeyOf({}) })];
  const mail = {
    id: 'm-1',
    recipient: 'nora@mail.example',
    subject: 'Théière',
    body: 'Hello  Nora \n\nYour order\n',
    html: '<p>Hello</p>',
    order_id: 'o-1',
  };
  try {
    await signing.send(mail);
    await plain.send(mail);
  } finally {
    signing.close();
    plain.close();
    await new Promise<void>((resolve) => server.close(resolve));
  }
  const [signed = '', unsigned = ''] = got;
  assert.ok(isGenuine(signed));
  assert.ok(!isGenuine(signed.replace('Your order', 'Your other')));
  assert.doesNotMatch(unsigned, /dkim-signature/i);
});

test('half a configuration and what is no RSA key end the start, and no message holds a part of the key', () => {
  const { mail_dkim_private_key: _, ...half } = settings;
  const short = generateKeyPairSync('rsa', { modulusLength: 512 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const curve = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  for (const wrong of [
    half,
    ...[short, curve, 'no key at all, but long enough'].map((key) => ({ ...settings, mail_dkim_private_key: key })),
  ])
    assert.throws(
      () => dkimKeyOf(wrong),
      (error: Error & { code?: string }) => error.code === 'config_invalid' && !error.message.includes('BEGIN'),
    );
  assert.equal(dkimKeyOf({ ...settings, mail_dkim_private_key: pem.replaceAll('\n', '\\n') })?.private_key, pem);
});
