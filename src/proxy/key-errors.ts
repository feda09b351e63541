import { ProxyError } from './proxy-error.ts';

const LINE_FEED = 10;
const MARK = new TextEncoder().encode('event: error\n');
const ABOUT_KEY = /"code": ?"key_\w+"/;
/** No error of the renderer is longer. */
const MAX_ERROR_BYTES = 4096;

/**
 * Keeps from the browser why the renderer ended a stream when that is about the key, such as that it was revoked meanwhile: it gets the
 * same `renderer_refused_key` as for a refused request. All other bytes pass as they come; of a line at most what may become the mark waits.
 */
export class KeyErrors {
  readonly #onRefused: () => void;
  /** Bytes of the mark that have been seen since the line began; `null` when this line is another one. */
  #matched: number | null = 0;
  /** What followed the mark, with which the stream ends. */
  #error: Uint8Array | null = null;

  constructor(onRefused: () => void) {
    this.#onRefused = onRefused;
  }

  /** What of the next bytes, and of those before, may go on. */
  pass(bytes: Uint8Array): Uint8Array {
    if (this.#error !== null) {
      this.#error = joined(this.#error, bytes).subarray(0, MAX_ERROR_BYTES);
      return new Uint8Array();
    }
    const waiting = joined(MARK.subarray(0, this.#matched ?? 0), bytes);
    const end = this.#markIn(waiting);
    if (end === null) return waiting.subarray(0, waiting.byteLength - (this.#matched ?? 0));
    this.#error = waiting.subarray(end);
    return waiting.subarray(0, end - MARK.byteLength);
  }

  /** What still has to go on when there are no more bytes. */
  rest(): Uint8Array {
    if (this.#error === null) return MARK.subarray(0, this.#matched ?? 0);
    if (!ABOUT_KEY.test(new TextDecoder().decode(this.#error))) return joined(MARK, this.#error);
    this.#onRefused();
    const data = JSON.stringify(new ProxyError('renderer_refused_key').toJson());
    return joined(MARK, new TextEncoder().encode(`data: ${data}\n\n`));
  }

  /** Where the mark ends, if all of it is there. */
  #markIn(waiting: Uint8Array): number | null {
    let index = 0;
    if (this.#matched !== null) this.#matched = 0;
    while (index < waiting.byteLength) {
      if (this.#matched === null) {
        const lineEnd = waiting.indexOf(LINE_FEED, index);
        if (lineEnd === -1) return null;
        index = lineEnd + 1;
        this.#matched = 0;
      } else if (waiting[index] !== MARK[this.#matched]) {
        this.#matched = null;
      } else {
        index += 1;
        this.#matched += 1;
        if (this.#matched === MARK.byteLength) return index;
      }
    }
    return null;
  }
}

function joined(before: Uint8Array, after: Uint8Array): Uint8Array {
  if (before.byteLength === 0) return after;
  const both = new Uint8Array(before.byteLength + after.byteLength);
  both.set(before);
  both.set(after, before.byteLength);
  return both;
}
