import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { discardRest, toWebRequest } from './node-request.ts';
import type { OutkitProxy } from './proxy.ts';

export { keyFromEnvFile } from './env-file-key.ts';

/**
 * A handler for node:http, Express (4 and 5) and Vite's middlewares. It may stand behind a body parser, and `authorize` gets its
 * request as `native`. Never rejects.
 */
export function toNodeHandler<Incoming extends IncomingMessage = IncomingMessage>(
  proxy: OutkitProxy<Incoming>,
): (request: Incoming, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    try {
      const web = toWebRequest(request, gone.signal);
      const answer = await proxy(web, request);
      discardRest(request, web);
      await send(answer, response);
    } catch {
      // The client is gone, the answer was cut off, or the app has answered by itself: there is nobody to tell.
      response.destroy();
    }
  };
}

async function send(answer: Response, response: ServerResponse): Promise<void> {
  if (response.headersSent || response.destroyed) return void (await answer.body?.cancel());
  response.statusCode = answer.status;
  for (const [name, value] of answer.headers) {
    // Cookies that the app has set stay.
    if (name === 'set-cookie') response.appendHeader(name, value);
    else response.setHeader(name, value);
  }
  if (answer.body === null) return void response.end();
  response.flushHeaders();
  await pipeline(Readable.fromWeb(answer.body), response);
}
