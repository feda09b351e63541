import type { Block } from './blocks.ts';
import { eventParser } from './event-parser.ts';
import { parseJson } from './json.ts';
import { errorOfEvent, refusalOf } from './refusal.ts';
import { malformed, OutkitStreamError } from './stream-error.ts';
import { type Design, itemOf, itemsOfAnswer, type StreamItem } from './stream-item.ts';
import { type ByteSource, cancel, readText, textChunks } from './text-chunks.ts';

export type {
  AlertBlock,
  Block,
  BlockMeta,
  ChartBlock,
  CheckboxBlock,
  CodeBlock,
  StepsBlock,
  TableBlock,
  TextBlock,
} from './blocks.ts';
export { type Design, OutkitStreamError, type StreamItem };

/** An answer of the renderer, or its body: bytes of UTF-8, or text, cut anywhere. */
export type StreamSource = Response | ByteSource;

/**
 * No event is longer, in UTF-16 units. From the 512 KB that a document may have, the renderer makes props of at most eight times their length
 * and a fallback, and JSON may write each character as six: 27 Mi.
 */
const MAX_EVENT_LENGTH = 32 * 1024 * 1024;

/**
 * The design and the blocks of an answer, as they arrive; an answer in JSON mode gives the same items. Ends at `[DONE]`, and ignores what comes
 * after it. A component that this version does not know comes as a text block of its `fallback`, so that no text is lost; without a
 * `fallback` the reading ends with `stream_unsupported`. Asking with `fallbackPolicy: "always"` gives each block one. Throws
 * {@link OutkitStreamError}. Leaving the loop cancels the source, and a stream is unlocked.
 */
export async function* readStream(source: StreamSource): AsyncGenerator<StreamItem, void, undefined> {
  if (!isResponse(source)) {
    yield* readEvents(source);
    return;
  }
  const { ok, headers, body } = source;
  if (!ok) throw await refusalOf(source);
  const mediaType = headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (body !== null && mediaType === 'text/event-stream') {
    yield* readEvents(body);
  } else if (body !== null && mediaType === 'application/json') {
    yield* itemsOfAnswer(parseJson(await readText(body, MAX_EVENT_LENGTH)));
  } else {
    if (body !== null) await cancel(body);
    throw malformed('The answer is no event stream and no JSON; is this the path of the Outkit proxy?');
  }
}

/**
 * Calls a handler for each item of {@link readStream}. Resolves at the end; rejects with {@link OutkitStreamError}, or with what a handler
 * throws, which cancels the source.
 */
export async function followStream(
  source: StreamSource,
  handlers: { onDesign?(design: Design): void; onBlock?(block: Block): void },
): Promise<void> {
  for await (const item of readStream(source)) {
    if (item.type === 'design') handlers.onDesign?.(item.design);
    else handlers.onBlock?.(item.block);
  }
}

async function* readEvents(source: ByteSource): AsyncGenerator<StreamItem, void, undefined> {
  const feed = eventParser(MAX_EVENT_LENGTH);
  for await (const text of textChunks(source)) {
    for (const { type, data } of feed(text)) {
      if (type === 'error') throw errorOfEvent(data);
      // As EventSource does with types that nobody listens to: a newer server may have more to say.
      if (type !== 'message') continue;
      if (data === '[DONE]') return;
      yield itemOf(parseJson(data));
    }
  }
  throw new OutkitStreamError('stream_cut', 'The answer ended before its end mark');
}

/** By its members: the Response of a library is none of the global class. */
function isResponse(source: StreamSource): source is Response {
  return 'ok' in source && 'body' in source;
}
