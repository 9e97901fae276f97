/** What is wrong with a page: its markup, and what its policy would refuse. */
import { HtmlValidate, StaticConfigLoader } from 'html-validate';

const validator = new HtmlValidate(
  new StaticConfigLoader({
    extends: ['html-validate:recommended', 'html-validate:a11y'],
    rules: {
      // Written for people who read it; lists of links stay on one line.
      'no-trailing-whitespace': 'off',
      'doctype-style': ['error', { style: 'lowercase' }],
      'attribute-boolean-style': 'off',
      // It counts entities; titles are cut at sixty characters.
      'long-title': 'off',
      // Values of one choice have one name.
      'form-dup-name': ['error', { shared: ['radio', 'checkbox', 'submit', 'button', 'reset'] }],
    },
  }),
);
const pageBytesMax = 250_000;
const refused = /<script|<style| style=| on[a-z]+="|javascript:|\[object|undefined|NaN/;
const addressForm = /^(?:\/(?!\/)|#|\?|https:\/\/)/;

/** One line for each. */
export async function pageFaults(name: string, page: string): Promise<string[]> {
  const { results } = await validator.validateString(page);
  // The script of the shop is a file; data for search engines is no script that runs.
  const plain = page
    .replace('<script type="module" src="/scripts/storefront-abc.js"></script>', '')
    .replace(/<script type="application\/ld\+json">[^<]*<\/script>/, '');
  const lines = page.split('\n');
  const markup = results
    .flatMap(({ messages }) => messages)
    .map(({ ruleId, message, line }) => `${name}: ${ruleId}: ${message}: ${lines[line - 1]?.slice(0, 300)}`);
  const addresses = [...page.matchAll(/(?:href|src|action)="([^"]*)"/g)].map(([, address = '']) => address);
  const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
  return [
    ...markup,
    ...(refused.test(plain) ? [`${name}: ${refused.exec(plain)?.[0]} in it`] : []),
    ...(page.match(/<h1[ >]/g)?.length === 1 ? [] : [`${name}: not one h1`]),
    ...(/<main id="main"[\s\S]*<\/main>/.test(page) ? [] : [`${name}: no main`]),
    ...(Buffer.byteLength(page) <= pageBytesMax ? [] : [`${name}: ${Buffer.byteLength(page)} bytes`]),
    ...(new Set(ids).size === ids.length ? [] : [`${name}: an id twice`]),
    ...addresses.filter((address) => !addressForm.test(address)).map((address) => `${name}: leads to ${address}`),
  ];
}
