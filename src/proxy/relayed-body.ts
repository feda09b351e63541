import type { Exchange } from './exchange.ts';

/**
 * The bytes of `source` as they come, each asked for when the reader wants more. Its end or failure ends the body, as the end of the
 * time does; a reader that goes away ends the request to the renderer.
 */
export function relayedBody(source: ReadableStream<Uint8Array>, exchange: Exchange): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  let cut = () => {};
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        // A reader that asks for nothing learns of the end too.
        cut = () => controller.error(new Error('The answer of the renderer was cut off'));
        if (exchange.signal.aborted) cut();
        else exchange.signal.addEventListener('abort', cut, { once: true });
      },
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (!done) {
            controller.enqueue(value);
            return;
          }
          exchange.end();
          controller.close();
        } catch {
          exchange.end();
          cut();
        }
      },
      cancel() {
        exchange.clientGone();
      },
    },
    { highWaterMark: 0 },
  );
}
