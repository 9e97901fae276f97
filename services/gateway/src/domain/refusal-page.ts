/** What a customer reads in a browser where the gateway itself refuses: the pages of the shop come from a service, which may be what is away. */
import { errorTable, type Problem } from '@souk/contracts';

export const pageHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  vary: 'Accept',
};

export interface RefusedRequest {
  method: string | undefined;
  path: string;
  accept: string | undefined;
  /** Whether the route is a page; undefined where no route is. */
  is_page: boolean | undefined;
}

/** Browsers name HTML first when a customer goes to an address, or sends a form of a page; programs do not. */
export function wantsPage({ method, path, accept, is_page = isRead(method) && !path.startsWith('/api/') }: RefusedRequest): boolean {
  return is_page && accept?.startsWith('text/html') === true;
}

function isRead(method: string | undefined): boolean {
  return method === 'GET' || method === 'HEAD';
}

const atFault = 500;
/** The advice of codes is for programs; what a customer can do about what passes is always the same. */
const openAgain = 'Please open this page again in a minute.';
const sendAgain =
  'It is not known whether what you sent has arrived. Please go back and send it again in a minute: whatever you order is ordered and charged once at most.';

/** The words of the code; nothing of the request is repeated. */
export function refusalPage({ code }: Pick<Problem, 'code'>, method: string | undefined): string {
  const { title, advice, status } = Object.hasOwn(errorTable, code) ? errorTable[code as keyof typeof errorTable] : errorTable.internal;
  const words = status < atFault ? advice : isRead(method) ? openAgain : sendAgain;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="robots" content="noindex"><title>${title}</title></head>
<body><main><h1>${title}</h1><p>${words}</p><p><a href="/">To the start page</a></p></main></body></html>
`;
}
