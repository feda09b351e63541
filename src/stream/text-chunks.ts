import { OutkitStreamError, tooLarge } from './stream-error.ts';

/** Bytes of UTF-8, or text, piece by piece. */
export type ByteSource = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array | string>;

/**
 * The text of a source, decoded as the web does (Encoding Standard, "UTF-8 decode"): without a byte order mark, U+FFFD for what is invalid.
 * Throws `stream_cut` when the source fails. Leaving the loop cancels the source; at the end a stream is unlocked.
 */
export async function* textChunks(source: ByteSource): AsyncGenerator<string, void, undefined> {
  const chunks = open(source);
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let isStart = true;
  let isDone: boolean | undefined = false;
  try {
    while (!isDone) {
      const { done, value } = await next(chunks);
      isDone = done;
      // Text, and the end, cut off a sequence of bytes that is not whole.
      const chunk = done ? '' : value;
      const text = typeof chunk === 'string' ? decoder.decode() + chunk : decoder.decode(chunk, { stream: true });
      if (text === '') continue;
      yield isStart ? text.replace(/^\uFEFF/, '') : text;
      isStart = false;
    }
  } finally {
    await chunks.close();
  }
}

/** The whole text of a source. Throws `stream_too_large` over `maxLength` UTF-16 units, and what {@link textChunks} throws. */
export async function readText(source: ByteSource, maxLength: number): Promise<string> {
  let whole = '';
  for await (const text of textChunks(source)) {
    whole += text;
    if (whole.length > maxLength) throw tooLarge();
  }
  return whole;
}

/** Gives up a source that nobody reads. */
export async function cancel(source: ByteSource): Promise<void> {
  await open(source).close();
}

interface Chunks {
  next(): Promise<IteratorResult<Uint8Array | string>>;
  /** How the source takes it changes nothing: what was to be read is read. */
  close(): Promise<void>;
}

/** Not every browser can iterate over a stream. */
function open(source: ByteSource): Chunks {
  if ('getReader' in source) {
    const reader = source.getReader();
    return {
      next: () => reader.read() as Promise<IteratorResult<Uint8Array>>,
      close: async () => {
        const cancelled = reader.cancel();
        reader.releaseLock();
        await cancelled.catch(() => {});
      },
    };
  }
  const iterator = source[Symbol.asyncIterator]();
  return {
    next: async () => iterator.next(),
    close: async () => {
      try {
        await iterator.return?.();
      } catch {}
    },
  };
}

async function next(chunks: Chunks): Promise<IteratorResult<Uint8Array | string>> {
  try {
    return await chunks.next();
  } catch (cause) {
    throw new OutkitStreamError('stream_cut', 'The connection was lost before the end of the answer', { cause });
  }
}
