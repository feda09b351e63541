import type { Exchange } from './exchange.ts';
import type { KeyErrors } from './key-errors.ts';

const CUT = 'The answer of the renderer was cut off';

/**
 * The bytes of `source` as they come, but for `keyErrors`, each asked for when the reader wants more. Its end or failure ends the body,
 * as the end of the time does; a reader that goes away ends the request to the renderer.
 */
export function relayedBody(
  source: ReadableStream<Uint8Array>,
  exchange: Exchange,
  keyErrors: KeyErrors,
): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  let cut = () => {};
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        // A reader that asks for nothing learns of the end too.
        cut = () => controller.error(exchange.why === 'client_gone' ? readerGone() : new Error(CUT));
        if (exchange.signal.aborted) cut();
        else exchange.signal.addEventListener('abort', cut, { once: true });
      },
      async pull(controller) {
        try {
          // Nobody asks again before something has come.
          for (let length = 0; length === 0; ) {
            const { done, value } = await reader.read();
            const bytes = done ? keyErrors.rest() : keyErrors.pass(value);
            length = bytes.byteLength;
            if (length > 0) controller.enqueue(bytes);
            if (!done) continue;
            exchange.end();
            controller.close();
            return;
          }
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

/** By Node's name for it, which Fastify and Hono do not log as a failure. */
function readerGone(): Error {
  return Object.assign(new Error(CUT), { code: 'ERR_STREAM_PREMATURE_CLOSE' });
}
