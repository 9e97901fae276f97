/** What each code of a refusal means, for people and for programs. */
import { type ErrorCode, type ErrorEntry, errorTable, graphqlCodes, type ProblemCode, runGraphql } from '@souk/contracts';
import { type Operation, problemExampleOf } from '@souk/contracts/reference';
import { html } from '@souk/ui';
import type { Page } from './page-frame.ts';

/** With it a fault of the shop is hidden, whatever its code inside is. */
const hiddenStatus = 500;

/** The codes that can stand in a problem document. */
export function publishedCodes(): ErrorCode[] {
  return (Object.keys(errorTable) as ErrorCode[]).filter((code) => errorTable[code].status !== hiddenStatus || code === 'internal');
}

/** Those that a client of the API may get. */
export function clientCodes(operations: readonly Operation[]): ErrorCode[] {
  const used = new Set<string>([...operations.flatMap(({ codes }) => codes), ...graphqlCodes, 'method_not_allowed', 'not_found']);
  return publishedCodes().filter((code) => used.has(code));
}

export function problemCodeOf(code: ErrorCode): ProblemCode {
  const { status, title, kind, advice }: ErrorEntry = errorTable[code];
  return { code, status, title, retry: kind === 'passing', advice };
}

export function problemsPage(codes: readonly ErrorCode[]): Page {
  const rows = codes.map((code) => {
    const { status, title, kind } = errorTable[code];
    return html`<tr><th scope="row"><a href="/problems/${code}"><code>${code}</code></a></th><td>${status}</td><td>${title}</td><td>${kind === 'passing' ? 'yes' : 'no'}</td></tr>`;
  });
  return {
    title: 'Problems',
    path: '/problems',
    description: 'Every code with which the API refuses a request.',
    searched: true,
    main: html`<p>Every refusal is a problem document (RFC 9457). Decide by its <code>code</code>, which does not change; treat a code that you do not know by its status. Show <code>detail</code> to developers, not to customers. The <code>type</code> of a problem leads to its page here.</p>
<div class="wide" role="group" aria-label="Problems" tabindex="0"><table><thead><tr><th scope="col">Code</th><th scope="col">Status</th><th scope="col">Title</th><th scope="col">May pass</th></tr></thead><tbody>${rows}</tbody></table></div>`,
  };
}

export function problemPage(code: ErrorCode, operations: readonly Operation[]): Page {
  const { status, title, advice, kind } = errorTable[code];
  const routes = operations.filter(({ codes }) => codes.includes(code));
  const isGeneral = routes.length === operations.length;
  const passing = `The same request may succeed later${status === 429 || status === 503 ? ': wait for the seconds in Retry-After' : ''}. Repeat a write only with the same Idempotency-Key.`;
  return {
    title: `${title}`,
    path: `/problems/${code}`,
    description: advice,
    main: html`<p><code>${code}</code>, status ${status}</p>
<h2>What to do</h2>
<p>${advice}</p>
<h2>Does repeating help?</h2>
<p>${kind === 'passing' ? passing : 'No: the same request is refused again.'}</p>
<h2>What it looks like</h2>
<pre role="group" tabindex="0" aria-label="Example"><code>${JSON.stringify(problemExampleOf(code), null, 2)}</code></pre>
<h2>Where</h2>
${isGeneral ? html`<p>At any route.</p>` : html`<ul class="contents">${routes.map(({ operation_id, route }) => html`<li><a href="/docs/${route.service}#${operation_id}"><code>${route.method} ${route.path}</code></a></li>`)}</ul>`}
${graphqlCodes.includes(code) && html`<p>In the errors of an answer of <a href="/docs/web#runGraphql"><code>${runGraphql.method} ${runGraphql.path}</code></a>.</p>`}
${routes.length === 0 && !graphqlCodes.includes(code) && html`<p>At no route in particular.</p>`}
<p><a href="/problems">All problems</a></p>`,
  };
}
