import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { plainText } from './plain-text.ts';

describe('plain text of HTML', () => {
  const texts: [string, string][] = [
    ['no markup at all', 'no markup at all'],
    ['<p>One</p><p>Two</p>', 'One\n\nTwo'],
    ['One<br>Two<br/>Three', 'One\nTwo\nThree'],
    ['<b>bo</b>ld', 'bold'],
    ['<script>alert("<p>")</script>after<STYLE>p{}</STYLE>', 'after'],
    ['before<script>never closed', 'before'],
    ['a &amp; b &lt;c&gt; &#8364;5 &#x41; &nbsp; &unknown; &', 'a & b <c> €5 A &unknown; &'],
    ['5 < 6 and 7 > 3', '5 < 6 and 7 > 3'],
    ['<!-- hidden -->shown', 'shown'],
    ['<a href="x" title="a>b">link</a>', 'b">link'],
    ['&#0;&#55296;&#1114112;x', 'x'],
    ['  much \t space \r\n\r\n\r\n\r\n here ', 'much space\n\nhere'],
  ];
  for (const [html, text] of texts) it(`is ${JSON.stringify(text)} for ${JSON.stringify(html)}`, () => assert.equal(plainText(html), text));

  it('holds no control characters, whatever comes', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (html) => !/[^\P{Cc}\n]/u.test(plainText(html))));
  });
});
