import assert from 'node:assert/strict';
import { test } from 'node:test';
import { imageFormatOf } from './media.ts';

const bytes = (...parts: (string | number[])[]): Uint8Array => Buffer.concat(parts.map((part) => Buffer.from(part as string, 'latin1')));

test('four kinds of picture are known by their first bytes', () => {
  assert.equal(imageFormatOf(bytes([0xff, 0xd8, 0xff, 0xe0])), 'jpeg');
  assert.equal(imageFormatOf(bytes([0x89], 'PNG\r\n', [0x1a, 0x0a])), 'png');
  assert.equal(imageFormatOf(bytes('RIFF', [4, 0, 0, 0], 'WEBPVP8 ')), 'webp');
  assert.equal(imageFormatOf(bytes([0, 0, 0, 24], 'ftypavif', [0, 0, 0, 0], 'avifmif1')), 'avif');
  assert.equal(imageFormatOf(bytes([0, 0, 0, 28], 'ftypmif1', [0, 0, 0, 0], 'mif1avifmiaf')), 'avif');
});

test('nothing else is a picture, whatever it calls itself', () => {
  const others = [
    '',
    'R',
    '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    '<?xml version="1.0"?><svg/>',
    'GIF89a',
    'BM',
    'II*\u0000',
    '%PDF-1.7',
    'RIFF\u0004\u0000\u0000\u0000WAVE',
    '\u0000\u0000\u0000\u0018ftypheic\u0000\u0000\u0000\u0000heicmif1',
    '\u0000\u0000\u0000\u0010ftypmif1\u0000\u0000\u0000\u0000avif',
    'ÿØ',
  ];
  for (const text of others) assert.equal(imageFormatOf(bytes(text)), undefined, JSON.stringify(text));
});
