/** The one page of the operations console: everything on it is drawn by its script. */
import { html } from '@souk/ui';

export interface ConsolePageView {
  shop_name: string;
  icon: string;
  script: string;
  style: string;
  preloaded: readonly string[];
  fonts: readonly string[];
}

/** The page while the files are there. The script reads the name of the shop from it. */
export function consolePage({ shop_name, icon, script, style, preloaded, fonts }: ConsolePageView): string {
  return String(html`<!doctype html>
<html lang="en" data-shop="${shop_name}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${shop_name} console</title>
<link rel="icon" href="${icon}" type="image/svg+xml">
${fonts.map((font) => html`<link rel="preload" href="/console/files/${font}" as="font" type="font/woff2" crossorigin>`)}
<link rel="stylesheet" href="/console/files/${style}">
${preloaded.map((file) => html`<link rel="modulepreload" href="/console/files/${file}">`)}
<script type="module" src="/console/files/${script}"></script>
</head>
<body>
<noscript><p>The console needs JavaScript. The shop itself works without.</p></noscript>
<div id="console"></div>
</body>
</html>
`);
}

/** The page while there are none. */
export function consoleAwayPage(shop_name: string, problem: string): string {
  return String(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${shop_name} console</title>
</head>
<body>
<main>
<h1>The console cannot be shown</h1>
<p>The shop works. The files of the console could not be built:</p>
<pre>${problem}</pre>
<p>The state of the platform is at <a href="/status">/status</a>.</p>
</main>
</body>
</html>
`);
}
