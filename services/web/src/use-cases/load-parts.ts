/** What pages are gathered from: the services that know, asked side by side, each with a limit of its own. */
import { refusal } from '@souk/contracts';
import { AppError } from '@souk/kernel';
import type { Caller } from '@souk/service-kit';
import { createServiceReader, type RequestContext, type ServiceReader } from '../clients/service-reader.ts';
import { createServiceWriter, type ServiceWriter } from '../clients/service-writer.ts';
import type { WebContext } from '../context.ts';

/** Of the request for a page. */
export type PageRequest = RequestContext;

export interface Readers {
  /** Without it there is no page: its failure is that of the page. */
  readonly needed: ServiceReader;
  /** Without it the page is shown all the same; undefined when it fails or is late. */
  readonly optional: <Part>(load: (read: ServiceReader) => Promise<Part>) => Promise<Part | undefined>;
}

/** Reads without a name: what they answer is the same for all who ask. */
export interface Parts extends Readers {
  /** Reads in the name of the person who asks; undefined for a stranger. */
  readonly person: PersonalReaders | undefined;
  /** Changes something in the name of who asks, stranger or not. */
  readonly write: ServiceWriter;
}

/** Reads and changes with a mailed link to one order, which says for itself whose it is. */
export interface LinkedParts extends Readers {
  readonly write: ServiceWriter;
}

export interface PersonalReaders extends Readers {
  readonly caller: Caller;
}

const neededMs = 3_000;
/** Longer than a service takes; a page that waits longer for something beside it is a slow page. */
const optionalMs = 1_000;

export function openParts(context: WebContext, request: PageRequest): Parts {
  const { caller } = request;
  const signal = AbortSignal.any([request.signal, context.stopping]);
  return {
    ...openReaders(context, { ...request, caller: undefined, authorization: undefined }),
    person: caller && { caller, ...openReaders(context, request) },
    write: createServiceWriter(context, { ...request, signal }),
  };
}

export function openLinkedParts(
  context: WebContext,
  request: Pick<PageRequest, 'client_address' | 'cause' | 'signal'>,
  link: string,
): LinkedParts {
  const linked = { ...request, caller: undefined, authorization: `OrderLink ${link}` };
  const signal = AbortSignal.any([request.signal, context.stopping]);
  return { ...openReaders(context, linked), write: createServiceWriter(context, { ...linked, signal }) };
}

function openReaders(context: WebContext, request: PageRequest): Readers {
  const readerWithin = (limit_ms: number): ServiceReader => {
    const signal = AbortSignal.any([request.signal, context.stopping, AbortSignal.timeout(limit_ms)]);
    return createServiceReader(context, { ...request, signal });
  };
  return {
    needed: readerWithin(neededMs),
    optional: async (load) => {
      try {
        return await load(readerWithin(optionalMs));
      } catch (error) {
        const code = error instanceof AppError ? error.code : undefined;
        context.log.debug({ err: error, code, correlation_id: request.cause.correlation_id }, 'a part of a page is missing');
        return undefined;
      }
    },
  };
}

/** What a page needs of several is there, or the page is not. */
export function oneOf<Part>(parts: readonly (Part | undefined)[]): void {
  if (parts.every((part) => part === undefined)) throw refusal('service_unavailable', 'The catalogue does not answer at the moment.');
}
