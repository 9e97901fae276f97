/** An answer of the graph as server-sent events: GraphQL over SSE, distinct connections mode (the protocol of graphql-sse). */
import { Readable } from 'node:stream';
import { eventStreamType, requestsHeader } from '@souk/contracts';
import { type Answer, answerContent } from '@souk/service-kit';
import type { AnswerPart, AnswerStream } from '../use-cases/stream-query.ts';

export function eventStreamAnswer({ parts, requests }: AnswerStream): Answer<never> {
  const headers = { [requestsHeader]: String(requests), 'cache-control': 'no-store', 'x-accel-buffering': 'no' };
  return answerContent(200, eventStreamType, Readable.from(textsOf(parts), { objectMode: false }), { headers });
}

async function* textsOf(parts: AsyncIterable<AnswerPart>): AsyncGenerator<string> {
  for await (const part of parts) yield textOf(part);
}

function textOf(part: AnswerPart): string {
  if (part.kind === 'next')
    return `event: next\n${part.id === undefined ? '' : `id: ${part.id}\n`}data: ${JSON.stringify(part.answer)}\n\n`;
  if (part.kind === 'retry') return `retry: ${part.ms}\n\n`;
  // Without a line of data browsers would not hand it out.
  return part.kind === 'complete' ? 'event: complete\ndata:\n\n' : ':\n\n';
}
