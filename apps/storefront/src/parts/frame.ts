/** What is around every page: a whole document, which loads nothing but files of this shop and the pictures of its products. */
import { type Html, html, isAddress } from '@souk/ui';
import { accountPath, cartPath, categoryPath, homePath, proofPath, signInPath, trackPath } from '../addresses.ts';
import type { CategoryEntry, FrameView } from '../views.ts';
import { cartIcon, noticeIcon, searchIcon } from './icons.ts';

export interface FramedPage {
  readonly frame: FrameView;
  readonly title: string;
  readonly description: string;
  readonly main: Html;
  /** Name of the category that the page belongs to. */
  readonly category?: string | undefined;
  /** What stands in the field of the search. */
  readonly q?: string | undefined;
  /** For programs that read pages. */
  readonly data?: Html;
  /** Kept out of search engines: refusals, searches, what is no longer sold. */
  readonly unlisted?: boolean;
  /** A part of what the page shows could not be loaded. */
  readonly incomplete?: boolean;
}

const categoriesMax = 14;
/** Search engines show no more of it. */
const titleLengthMax = 60;
const descriptionLengthMax = 160;
/** As long as the API takes. */
const qLengthMax = 200;

export function framePage({
  frame,
  title,
  description,
  main,
  category,
  q,
  data,
  unlisted = false,
  incomplete = false,
}: FramedPage): string {
  const { tongue, shop_name, origin, assets, canonical, categories } = frame;
  const { words } = tongue;
  return String(html`<!doctype html>
<html lang="${tongue.tag}" dir="${tongue.direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${shortened(title, titleLengthMax)}</title>
<meta name="description" content="${shortened(description, descriptionLengthMax)}">
${unlisted ? html`<meta name="robots" content="noindex">` : html`<link rel="canonical" href="${isAddress(origin) ? `${origin}${canonical}` : canonical}">`}
<link rel="stylesheet" href="${assets.style}">
${assets.fonts.map((font) => html`<link rel="preload" href="${font}" as="font" type="font/woff2" crossorigin>\n`)}<link rel="icon" href="${assets.icon}" type="image/svg+xml">
<link rel="manifest" href="/manifest.webmanifest">
<script type="module" src="${assets.script}"></script>
${data}
</head>
<body>
<a class="skip" href="#main">${words.frame.skip}</a>
<header class="top">
<div class="bar">
<a class="brand" href="${homePath}"><span>${shop_name}</span><span class="dot" aria-hidden="true">.</span></a>
<search>
<form class="find" action="/search" method="get">
<label class="unseen" for="find">${words.frame.search_for}</label>
<button type="submit" aria-label="${words.frame.search}">${searchIcon}</button>
<input id="find" class="input" type="search" name="q" value="${q}" placeholder="${words.frame.search_hint}" maxlength="${qLengthMax}" autocomplete="off" enterkeyhint="search" data-suggestions="${words.frame.suggestions}">
</form>
</search>
<div class="mine">
${whoIsThere(frame)}
${cartLink(frame)}
</div>
</div>
${categories !== undefined && categories.length > 0 && navigation(frame, categories, category)}
</header>
<main id="main" tabindex="-1">
${(incomplete || categories === undefined) && html`<p class="banner">${noticeIcon}<span>${words.frame.away}</span></p>`}
${main}
</main>
<footer class="bottom">
<nav aria-label="${words.frame.about}"><ul class="list"><li><a href="${homePath}">${shop_name}</a></li><li><a href="${proofPath}">${words.frame.proof}</a></li><li><a href="${trackPath}">${words.track.title}</a></li><li><a href="/docs">${words.frame.developers}</a></li><li><a href="/status">${words.frame.status}</a></li></ul></nav>
</footer>
</body>
</html>
`);
}

/** Who is signed in, or the way to sign in. */
function whoIsThere({ tongue: { words }, person }: FrameView): Html {
  const { account } = words;
  if (person === undefined) return html`<p class="who"><a href="${signInPath}">${account.sign_in}</a></p>`;
  const name = person.is_guest ? account.guest : (person.full_name ?? account.title);
  return html`<p class="who"><a href="${accountPath}" aria-label="${account.signed_in_as(name)}"><bdi>${name}</bdi></a></p>`;
}

/** With the number of pieces; a link is no place for a live region. */
function cartLink({ tongue: { words }, cart_pieces }: FrameView): Html {
  return html`<nav class="own" aria-label="${words.cart.title}"><a href="${cartPath}">${cartIcon}<span class="unseen">${words.cart.link(cart_pieces)}</span><span aria-hidden="true">${words.cart.short}</span>${cart_pieces > 0 && html`<b class="number" aria-hidden="true">${cart_pieces}</b>`}</a></nav>`;
}

function navigation({ tongue: { words } }: FrameView, categories: readonly CategoryEntry[], current: string | undefined): Html {
  const entries = categories.slice(0, categoriesMax).map(({ name }) => {
    const isCurrent = name === current;
    return html`<li><a dir="auto" href="${categoryPath(name)}" aria-current="${isCurrent && 'page'}">${name}</a></li>`;
  });
  const more = categories.length > categoriesMax && html`<li><a href="/#categories">${words.frame.all_categories}</a></li>`;
  return html`<nav class="shelves" aria-label="${words.frame.categories}"><ul class="list">${entries}${more}</ul></nav>`;
}

export interface Crumb {
  readonly path: string;
  readonly name: string;
}

/** Where a page is, from the start page on. */
export function breadcrumbs({ words }: FrameView['tongue'], crumbs: readonly Crumb[]): Html {
  const all = [{ path: homePath, name: words.frame.home }, ...crumbs];
  return html`<nav class="crumbs" aria-label="${words.frame.you_are_here}"><ol class="list">${all.map(({ path, name }) => html`<li><a dir="auto" href="${path}">${name}</a></li>`)}</ol></nav>`;
}

/** One line, cut at a character; a title of ten thousand characters helps no reader. */
function shortened(text: string, most: number): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  const characters = [...line.slice(0, most * 2)];
  return characters.length <= most
    ? characters.join('')
    : `${characters
        .slice(0, most - 1)
        .join('')
        .trimEnd()}…`;
}
