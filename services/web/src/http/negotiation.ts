/** Which of several codings a client wants (RFC 9110, section 12). */
import type { IncomingHttpHeaders } from 'node:http';
import Negotiator from 'negotiator';
import type { Coding } from '../workers/publication.ts';

const codings: readonly Coding[] = ['br', 'gzip', 'identity'];

/** As of version 1.0 of the library, which its types do not know yet: of codings of one weight the first of these is taken. */
interface PreferringNegotiator {
  encoding(available: string[], options: { preferred: string[] }): string | undefined;
}

type Header = (name: string) => string | undefined;

/** The content coding that the client prefers; a text goes out as it is to who refuses every coding, as RFC 9110 allows. */
export function preferredCoding(header: Header): Coding {
  const negotiator: PreferringNegotiator = new Negotiator({ headers: given(header, 'accept-encoding') });
  const wanted = negotiator.encoding([...codings], { preferred: [...codings] });
  return codings.find((coding) => coding === wanted) ?? 'identity';
}

function given(header: Header, name: string): IncomingHttpHeaders {
  const value = header(name);
  return value === undefined ? {} : { [name]: value };
}
