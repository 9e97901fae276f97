import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Html, html, type Part, structuredData } from './html.ts';

const evil = `"><script>alert('1')</script>&`;
/** A template as the language would hand it over. */
const template = (texts: readonly string[], ...parts: readonly Part[]): Html => html(texts as unknown as TemplateStringsArray, ...parts);

describe('html', () => {
  it('escapes every text, in elements and in quoted values', () => {
    const escaped = '&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;';
    assert.equal(String(html`<p title="${evil}">${evil}</p>`), `<p title="${escaped}">${escaped}</p>`);
    assert.equal(String(html`<p title='a ${evil} b'>${[evil, 1, undefined, false]}</p>`), `<p title='a ${escaped} b'>${escaped}1</p>`);
    assert.equal(String(html`<title>${evil}</title><p>${1}</p>`), `<title>${escaped}</title><p>1</p>`);
  });

  it('takes markup that it has made as it is, and none that merely looks like it', () => {
    assert.equal(String(html`<ul>${['a', 'b'].map((item) => html`<li>${item}</li>`)}</ul>`), '<ul><li>a</li><li>b</li></ul>');
    for (const forged of [{ html: '<script>' }, { toString: () => '<script>' }, Object.create(html`<b>x</b>`)] as unknown as Part[]) {
      const written = (() => {
        try {
          return String(html`<p>${forged}</p>`);
        } catch {
          return '';
        }
      })();
      assert.doesNotMatch(written, /<script>|<b>/);
    }
    assert.throws(() => html`<title>${html`<b>x</b>`}</title>`, /takes? a text/);
    assert.throws(() => html`<p title="${html`<b>x</b>`}"></p>`, /takes? a text/);
  });

  it('leaves an attribute out whose whole value is nothing, and writes it bare for true', () => {
    const link = (current: Part) => String(html`<a href="/" aria-current="${current}" class="x">y</a>`);
    assert.equal(link('page'), '<a href="/" aria-current="page" class="x">y</a>');
    assert.equal(link(undefined), '<a href="/" class="x">y</a>');
    assert.equal(String(html`<input required="${true}" disabled="${false}">`), '<input required>');
    assert.equal(String(html`<p class="a ${undefined}b">`), '<p class="a b">');
    assert.equal(String(html`<a href="${'/a'}" title="${''}">`), '<a href="/a" title="">');
    assert.equal(String(html`<a href="${'/a'}"   title='${'b'}'>`), '<a href="/a" title="b">');
  });

  it('refuses a part where none is safe', () => {
    for (const texts of [
      ['<p class=', '></p>'],
      ['<p class= ', ' id="a"></p>'],
      ['<p ', '></p>'],
      ['<', '>'],
      ['</', '>'],
      ['<im', ' src="/">'],
      ['<!', '>'],
      ['<!-- ', ' -->'],
      ['<script>', '</script>'],
      ['<script>let a = "', '"</script>'],
      ['<STYLE>', '</STYLE>'],
      ['<noscript>', '</noscript>'],
      ['<p onclick="', '"></p>'],
      ["<p OnClick='", "'></p>"],
      ['<p style="', '"></p>'],
      ['<iframe srcdoc="', '"></iframe>'],
      ['<img srcset="', '">'],
      ['<p title="a', ''],
    ])
      assert.throws(() => template(texts, 'x'), TypeError, texts.join('…'));
  });

  it('knows where a script, a comment and a value end', () => {
    assert.equal(String(html`<script src="/a.js"></script><p>${'a'}</p>`), '<script src="/a.js"></script><p>a</p>');
    assert.equal(String(html`<!-- "<p title='" --><p>${'<'}</p>`), `<!-- "<p title='" --><p>&lt;</p>`);
    assert.equal(String(html`<!doctype html><br><p a='"' b=">">${'<'}</p>`), `<!doctype html><br><p a='"' b=">">&lt;</p>`);
    assert.equal(String(html`<svg><path d="M1 1"/></svg>${'<'}`), '<svg><path d="M1 1"/></svg>&lt;');
  });

  it('takes addresses of this shop and encrypted ones, and no others', () => {
    for (const good of ['/', '/p/1?a=b#c', '#main', '?q=1', 'https://pictures.example/a.jpg'])
      assert.equal(String(html`<a href="${good}">`), `<a href="${good}">`);
    for (const bad of [
      'javascript:alert(1)',
      ' javascript:alert(1)',
      'java\nscript:alert(1)',
      'data:text/html,x',
      'http://shop.example/',
      '//elsewhere.example',
      '/\\elsewhere.example',
      '/\t/elsewhere.example',
      'p/1',
      '',
    ]) {
      assert.throws(() => html`<a href="${bad}">`, /no address/, bad);
      assert.throws(() => html`<form action="${bad}">`, /no address/, bad);
    }
    assert.equal(String(html`<a href="/c/${'bags'}?page=${2}">`), '<a href="/c/bags?page=2">');
    assert.throws(() => html`<a href="/${'/elsewhere.example'}">`, /no address/);
    assert.throws(() => html`<a href="${'java'}${'script:x'}">`, /no address/);
    assert.equal(String(html`<a href="/a">${'b'}</a><img src="${'/c'}" alt="${'d'}">`), '<a href="/a">b</a><img src="/c" alt="d">');
  });

  it('reads a template once', () => {
    const card = (name: string) => html`<p title="${name}">${name}</p>`;
    const begun = performance.now();
    for (let made = 0; made < 20_000; made += 1) card('a name');
    assert.ok(performance.now() - begun < 2_000, 'a hundred times what it takes');
  });

  it('writes structured data that nothing in it can end', () => {
    const written = String(structuredData({ name: `</script><script>alert(1)</script><!--\u2028&`, price: 1 }));
    assert.equal(written.match(/<\/?script/g)?.length, 2);
    assert.doesNotMatch(written.slice(35, -9), /[<>&\u2028]/);
    const [, text = ''] = /^<script type="application\/ld\+json">(.*)<\/script>$/.exec(written) ?? [];
    assert.deepEqual(JSON.parse(text), { name: `</script><script>alert(1)</script><!--\u2028&`, price: 1 });
  });
});
