import { type Html, html } from '@souk/ui';

export interface Page {
  title: string;
  /** Address of the page, which its entry in the navigation leads to. */
  path: string;
  description: string;
  main: Html;
  /** Pages of this kind are searched. */
  searched?: boolean;
}

export interface NavigationEntry {
  path: string;
  title: string;
}

/** A whole page of the reference. It loads style and script of this service and nothing else. */
export function framePage({ title, path, description, main, searched = false }: Page, navigation: readonly NavigationEntry[]): string {
  const entries = navigation.map(
    (entry) => html`<li><a href="${entry.path}" aria-current="${entry.path === path && 'page'}">${entry.title}</a></li>`,
  );
  return String(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="${description}">
<title>${title} – Souk API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/assets/reference.css">
<script src="/docs/assets/reference.js" defer></script>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header><p class="brand"><a href="/docs"><b>Souk</b> API</a></p></header>
<nav aria-label="Reference"><ul>${entries}</ul></nav>
<main id="main" tabindex="-1">
<h1>${title}</h1>
${searched && html`<search id="search" hidden><label for="find">Find on this page</label> <input id="find" type="search" autocomplete="off"> <output id="found" for="find"></output></search>`}
${main}
</main>
</body>
</html>
`);
}
