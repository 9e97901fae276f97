import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEventStreamParser, type ServerEvent } from '../src/index.ts';

const encoder = new TextEncoder();

function parsed(text: string, ...sizes: number[]): { events: ServerEvent[]; last_event_id: string; retry_ms: number | undefined } {
  const parser = createEventStreamParser();
  const bytes = encoder.encode(text);
  const events: ServerEvent[] = [];
  for (let from = 0, turn = 0; from < bytes.length; turn += 1) {
    const to = from + (sizes.length === 0 ? bytes.length : (sizes[turn % sizes.length] as number));
    events.push(...parser.push(bytes.subarray(from, to)));
    from = to;
  }
  return { events, last_event_id: parser.last_event_id, retry_ms: parser.retry_ms };
}

const rich = '\u{feff}retry: 10\n: a comment\nid: 7\nevent: naïve ☕\ndata: {"a":\ndata: 1}\n\ndata: second\n\n';

test('events, names, ids, comments and data of several lines, however the bytes are cut and lines end', () => {
  const expected = {
    events: [
      { id: '7', event: 'naïve ☕', data: '{"a":\n1}' },
      { id: undefined, event: 'message', data: 'second' },
    ],
    last_event_id: '7',
    retry_ms: 10,
  };
  for (const end of ['\n', '\r', '\r\n'])
    for (const sizes of [[], [1], [2], [3], [5, 1], [7, 2, 1]])
      assert.deepEqual(parsed(rich.replaceAll('\n', end), ...sizes), expected, JSON.stringify([end, sizes]));
});

test('the rules of the standard one by one', () => {
  const data = (text: string) => parsed(text).events.map((event) => event.data);
  assert.deepEqual(data('data:x\n\ndata: x\n\ndata:  x\n\n'), ['x', 'x', ' x'], 'one blank after the colon goes');
  assert.deepEqual(data('data\n\ndata\ndata\n\ndata:\n'), ['', '\n'], 'a field without a colon is empty; an unfinished event is dropped');
  assert.deepEqual(data('event: x\n\nid: 3\n\n'), [], 'no data, no event');
  assert.deepEqual(data('Data: x\nfoo: y\n\n'), [], 'names are exact, others are ignored');
  assert.deepEqual(data('data: a\u{feff}b\n\n'), ['a\u{feff}b'], 'a byte order mark is one at the beginning only');
  assert.deepEqual(parsed('id: 3\n\n').last_event_id, '3', 'a block without data moves the id');
  assert.deepEqual(parsed('id: 3\ndata: x\n\nid\ndata: y\n\n').last_event_id, '', 'an empty id resets it');
  assert.deepEqual(parsed('id: 3\ndata: x\n\nid: 4\0\ndata: y\n\n').last_event_id, '3', 'an id with NUL is ignored');
  assert.deepEqual(parsed('id: 3\ndata: x\n\nid: 4\ndata: y\n').last_event_id, '3', 'an unfinished event moves nothing');
  assert.deepEqual(parsed('event: a\ndata: x\n\ndata: y\n\n').events[1]?.event, 'message', 'a name holds for one event');
  for (const [retry, expected] of [
    ['10', 10],
    ['10 ', undefined],
    ['-1', undefined],
    ['1.5', undefined],
    ['', undefined],
  ] as const)
    assert.equal(parsed(`retry:${retry}\n\n`).retry_ms, expected, retry);
});

test('an event without an end is refused, comments without end are not', () => {
  const parser = createEventStreamParser();
  const beat = encoder.encode(`:${'x'.repeat(1_000)}\n`);
  for (let count = 0; count < 3_000; count += 1) assert.deepEqual(parser.push(beat), []);
  assert.throws(() => {
    for (let count = 0; count < 3_000; count += 1) parser.push(encoder.encode(`data:${'x'.repeat(1_000)}\n`));
  }, RangeError);
  assert.throws(() => {
    const endless = createEventStreamParser();
    for (let count = 0; count < 30; count += 1) endless.push(encoder.encode('x'.repeat(100_000)));
  }, RangeError);
});
