import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** Passes requests on to a server and its answers back, for one test. `answered` gets the path of each POST before its answer goes back. */
export function relayTo(url: string, answered: (path: string) => void): Promise<string> {
  const relay = createServer(async (request, response) => {
    const { method = 'GET', url: path = '/' } = request;
    const { authorization = '', 'content-type': type = 'application/json' } = request.headers;
    const headers = { authorization, 'content-type': type };
    const body = method === 'GET' ? {} : { body: await text(request) };
    const answer = await fetch(new URL(path, url), { method, headers, ...body });
    const answerText = await answer.text();
    if (method === 'POST') answered(path);
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' }).end(answerText);
  });
  return listening(relay);
}

/** A server that gives one answer to everything, for one test. */
export function answering(status: number, mediaType: string, body: string): Promise<string> {
  return listening(createServer((_, response) => response.writeHead(status, { 'content-type': mediaType }).end(body)));
}

/** A server that takes every request, for one test, and answers none. `asked` is called with each. */
export function silent(asked: () => void): Promise<string> {
  return listening(createServer(asked));
}

/** Resolves to the origin. */
async function listening(server: Server): Promise<string> {
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}
