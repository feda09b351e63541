import type { Block } from './block.ts';
import { compact, type Design } from './wire.ts';

/** Content type of the frames. */
export const STREAM_CONTENT_TYPE = 'text/event-stream; charset=utf-8';

/**
 * Frames of the answer in SSE mode: the design, one block each in document order, the end mark. JSON has no raw line end, so each
 * event is one `data` line (WHATWG HTML, section 9.2).
 */
export function* streamFrames(blocks: Iterable<Block>, design: Design): Generator<string, void, undefined> {
  yield frame(JSON.stringify({ type: 'meta', design }));
  for (const block of blocks) yield frame(JSON.stringify(compact(block)));
  yield frame('[DONE]');
}

function frame(data: string): string {
  return `data: ${data}\n\n`;
}
