import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkTarget, isGlobalUnicast } from './webhook-target.ts';

test('only https with a public name is a target, whatever the spelling', () => {
  for (const url of [
    'https://hooks.example.org/souk',
    'https://hooks.example.org:8443/a?b=c',
    'https://a-b.c1.co/x',
    'https://BÜCHER.example/',
  ])
    assert.ok(checkTarget(url, false).startsWith('https://'), url);
  for (const url of [
    'http://hooks.example.org/',
    'https://user@hooks.example.org/',
    'https://:secret@hooks.example.org/',
    'https://hooks.example.org/#part',
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://0177.0.0.1/',
    'https://0x7f000001/',
    'https://①②⑦.0.0.1/',
    'https://127.0.0.1./',
    'https://169.254.169.254/latest/meta-data',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[fd00::1]/',
    'https://93.184.216.34/',
    'https://localhost/',
    'https://localhost./',
    'https://api.localhost/',
    'https://redis/',
    'https://printer.local/',
    'https://metadata.google.internal/',
    'https://router.home.arpa/',
    'https://example.42/',
    'https://',
    'ftp://hooks.example.org/',
    'not a url',
  ])
    assert.throws(() => checkTarget(url, false), { code: 'webhook_target_refused' }, url);
});

test('in development private names and plain http are targets, passwords are not', () => {
  assert.equal(checkTarget('http://127.0.0.1:9000/hook', true), 'http://127.0.0.1:9000/hook');
  assert.throws(() => checkTarget('http://user:secret@localhost/', true), { code: 'webhook_target_refused' });
});

test('an address is global unicast, or is refused', () => {
  for (const address of [
    '93.184.216.34',
    '1.1.1.1',
    '8.8.8.8',
    '172.15.0.1',
    '172.32.0.1',
    '100.128.0.1',
    '223.255.255.255',
    '2606:4700::1111',
    '2a00:1450:4001:82a::200e',
  ])
    assert.ok(isGlobalUnicast(address), address);
  for (const address of [
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.8',
    '192.0.2.1',
    '192.168.1.1',
    '198.18.0.1',
    '198.19.255.255',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '239.255.255.250',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:93.184.216.34',
    '::ffff:7f00:1',
    '64:ff9b::a00:1',
    '64:ff9b:1::1',
    '100::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '3fff::1',
    '4000::1',
    'fc00::1',
    'fd12:3456::1',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    '1.2.3',
    '01.2.3.4',
    '1.2.3.256',
    '1:2:3:4:5:6:7:8:9',
    '2001:::1',
    '1::2::3',
    '',
  ])
    assert.ok(!isGlobalUnicast(address), address);
});
