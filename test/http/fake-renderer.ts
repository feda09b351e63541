import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** What a fake renderer got. */
export interface RendererRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export type RendererAnswer = (response: ServerResponse, request: RendererRequest) => void;

/** A server on a free port that answers as no renderer of ours does, until the test ends. */
export interface FakeRenderer {
  readonly origin: string;
  readonly requests: readonly RendererRequest[];
  /** Resolves when the first request has ended, whoever ended it. */
  readonly ended: Promise<void>;
}

export async function startFakeRenderer(answer: RendererAnswer): Promise<FakeRenderer> {
  const requests: RendererRequest[] = [];
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const server = createServer(async (incoming, response) => {
    response.once('close', end);
    const { method = '', url = '', headers } = incoming;
    const request = { method, url, headers, body: await text(incoming).catch(() => '') };
    requests.push(request);
    answer(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, ended };
}

/** A whole answer in JSON. */
export function json(status: number, body: object, headers: Record<string, string> = {}): RendererAnswer {
  return (response) =>
    response
      .writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
      .end(JSON.stringify(body));
}

/** An answer that streams, of which the first pieces are these, and that stays open. */
export function stream(...pieces: readonly string[]): RendererAnswer {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    for (const piece of pieces) response.write(piece);
  };
}
