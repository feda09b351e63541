import { createParser } from 'eventsource-parser';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventParser, type ServerSentEvent } from './event-parser.ts';
import { textChunks } from './text-chunks.ts';

const MAX_LENGTH = 1000;

/** The events of these pieces. */
async function eventsOf(pieces: readonly (Uint8Array | string)[]): Promise<ServerSentEvent[]> {
  const feed = eventParser(MAX_LENGTH);
  const events: ServerSentEvent[] = [];
  const source = (async function* () {
    yield* pieces;
  })();
  for await (const text of textChunks(source)) events.push(...feed(text));
  return events;
}

/** What another implementation makes of the whole text. It does not take U+FEFF for a byte order mark, nor a CR at the end for a line end. */
function eventsOfOracle(text: string): ServerSentEvent[] {
  const events: ServerSentEvent[] = [];
  const parser = createParser({ onEvent: ({ event, data }) => events.push({ type: event ?? 'message', data }) });
  parser.feed(text.replace(/^\uFEFF/, '').replace(/\r$/, '\r\n'));
  return events;
}

function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...ends].map((start, index) => bytes.subarray(start, ends[index]));
}

const fragment = fc.oneof(
  fc.constantFrom('\r', '\n', '\r\n', '\n\n', ':', ' ', 'data', 'data:', 'data: ', 'event', 'event: error', 'id: 7'),
  fc.constantFrom(
    'retry: 1',
    'Data: x',
    ': comment',
    '\uFEFF',
    '\u2028',
    '\0',
    'é',
    '漢',
    '👩🏽‍💻',
    '[DONE]',
    'dataset: 1',
  ),
  fc.string({ maxLength: 4 }),
);
const stream = fc.array(fragment, { maxLength: 40 }).map((parts) => parts.join('').slice(0, MAX_LENGTH));
const places = fc.array(fc.nat(), { maxLength: 20 });

describe('eventParser', () => {
  it('finds the events that eventsource-parser finds, in any stream cut at any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(stream, places, async (text, cuts) => {
        // What has lost half a surrogate pair is not the text that its bytes are.
        const bytes = new TextEncoder().encode(text);
        const whole = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
        expect(await eventsOf(cut(bytes, cuts))).toEqual(eventsOfOracle(whole));
      }),
      { numRuns: 2000 },
    );
  });

  it('finds the same events in any bytes, wherever they are cut', async () => {
    const byte = fc.oneof(fc.constantFrom(10, 13, 58, 32, 0xef, 0xbb, 0xbf, 0xf0, 0x9f), fc.nat(255));
    const hostile = fc.array(byte, { maxLength: 60 }).map((bytes) => [...Buffer.from('data: '), ...bytes, 10, 10]);
    await fc.assert(
      fc.asyncProperty(hostile, places, async (numbers, cuts) => {
        const bytes = Uint8Array.from(numbers);
        expect(await eventsOf(cut(bytes, cuts))).toEqual(eventsOfOracle(new TextDecoder().decode(bytes)));
      }),
      { numRuns: 1000 },
    );
  });

  it('takes an empty piece for nothing, also between CR and LF', () => {
    const feed = eventParser(MAX_LENGTH);
    const events = ['data: a\r', '', '\ndata: b\n', '', '\n'].flatMap((piece) => [...feed(piece)]);
    expect(events).toEqual([{ type: 'message', data: 'a\nb' }]);
  });

  it('takes bytes that text cuts off for a broken character', async () => {
    expect(await eventsOf([Uint8Array.from([...Buffer.from('data: '), 0xf0, 0x9f]), 'a\n\n'])).toEqual([
      { type: 'message', data: '\uFFFDa' },
    ]);
  });

  it('finds the same events in text, also when it is cut within a character', async () => {
    const text = '\uFEFFdata: 👩🏽‍💻\r\n\r\ndata: b\n\n';
    const expected = eventsOfOracle(text);
    expect(await eventsOf(text.split(''))).toEqual(expected);
    expect(await eventsOf([text])).toEqual(expected);
  });

  it.each([
    [
      'joins the data lines of an event by line feeds',
      'data: a\ndata:b\ndata\n\n',
      [{ type: 'message', data: 'a\nb\n' }],
    ],
    ['takes one space off a value, not two', 'data:  a\n\n', [{ type: 'message', data: ' a' }]],
    ['takes a field without a colon for one without a value', 'data\n\n', [{ type: 'message', data: '' }]],
    [
      'gives no event without data, and forgets its type',
      'event: error\n\ndata: a\n\n',
      [{ type: 'message', data: 'a' }],
    ],
    ['takes an empty type for none', 'event: x\nevent:\ndata: a\n\n', [{ type: 'message', data: 'a' }]],
    ['ends a line at a CR at once', 'data: a\r\r', [{ type: 'message', data: 'a' }]],
    ['leaves out an event that does not end', 'data: a\n\ndata: b\n', [{ type: 'message', data: 'a' }]],
    [
      'strips one byte order mark, at the start only',
      '\uFEFFdata: \uFEFFa\n\n',
      [{ type: 'message', data: '\uFEFFa' }],
    ],
    ['tells fields in other letters apart', 'Data: a\ndatas: b\n data: c\n\n', []],
  ])('%s', async (_, text, expected) => {
    expect(await eventsOf([text])).toEqual(expected);
  });

  it('refuses an event over its bound at the same place, however it is cut', async () => {
    const tooLong = [`data: ${'x'.repeat(MAX_LENGTH)}`, `:${'x'.repeat(MAX_LENGTH)}`, `data\n`.repeat(MAX_LENGTH + 2)];
    for (const text of tooLong) {
      await expect(eventsOf([text])).rejects.toMatchObject({ code: 'stream_too_large' });
      await expect(eventsOf(text.split(''))).rejects.toMatchObject({ code: 'stream_too_large' });
    }
    const feed = eventParser(20);
    const seen: ServerSentEvent[] = [];
    expect(() => {
      for (const event of feed(`data: 1\n\ndata: ${'x'.repeat(20)}\n\n`)) seen.push(event);
    }).toThrow();
    expect(seen).toEqual([{ type: 'message', data: '1' }]);
  });

  it('counts each event by itself', async () => {
    const event = `data: ${'x'.repeat(MAX_LENGTH - 10)}\n\n`;
    expect(await eventsOf([event.repeat(3)])).toHaveLength(3);
  });
});
