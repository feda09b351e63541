import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventJson } from '../src/api/events.ts';
import { problemJson } from '../src/api/problem.ts';
import { ERRORS, type OutkitError } from '../src/core/errors.ts';
import type { StoredEvent } from '../src/core/render-event.ts';

/** A frame of the stream. One with a seq is sent to whoever has not got it yet, every other one to all. */
export interface Frame {
  readonly seq: number | null;
  readonly text: string;
}

export function eventFrame(event: StoredEvent): Frame {
  return { seq: event.seq, text: `id: ${event.seq}\ndata: ${JSON.stringify(eventJson(event))}\n\n` };
}

export function gapFrame(missed: number | null, seq: number): Frame {
  return { seq, text: `id: ${seq}\nevent: gap\ndata: ${JSON.stringify({ missed })}\n\n` };
}

export const HEARTBEAT: Frame = { seq: null, text: ': heartbeat\n\n' };

export function endFrame(error: OutkitError): Frame {
  return { seq: null, text: `event: end\ndata: ${JSON.stringify(problemJson(error))}\n\n` };
}

/** What a connection of the stream does behind the frames that it has to send. */
export type Fate =
  | { readonly kind: 'stands' }
  /** Sends that many bytes, then ends the connection: in order, or by a reset. */
  | { readonly kind: 'cut'; readonly bytes: number; readonly how: 'end' | 'reset' }
  /** Answers, and then never says anything. */
  | { readonly kind: 'silent' }
  | { readonly kind: 'refused'; readonly error: OutkitError };

export const STANDS: Fate = { kind: 'stands' };

/** A server that has the log of one profile, and whose streams end as a test says. */
export class EventServer {
  /** All that was ever in the stream. */
  frames: Frame[] = [];
  /** What the history has, oldest first; its pages are never full. */
  history: StoredEvent[] = [];
  /** Of the next connections, one after the other; then all stand. */
  fates: Fate[] = [];
  /** `Last-Event-ID` of each connection. */
  readonly asked: (string | undefined)[] = [];
  /** Path with query, and headers, of each request. */
  readonly requests: { readonly path: string; readonly headers: IncomingMessage['headers'] }[] = [];
  /** Answers everything like this, when it is set. */
  problem: OutkitError | null = null;
  readonly #server: Server;
  readonly #open = new Set<ServerResponse>();

  constructor() {
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  async start(port = 0): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    return this;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Adds to the log, and sends it to all streams. */
  publish(...frames: readonly Frame[]): void {
    this.frames.push(...frames);
    for (const response of this.#open) response.write(frames.map((frame) => frame.text).join(''));
  }

  /** How many streams stand. */
  get streams(): number {
    return this.#open.size;
  }

  /** Ends all streams without a word. */
  cut(): void {
    for (const response of this.#open) response.destroy();
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { url = '', headers } = request;
    this.requests.push({ path: url, headers });
    if (this.problem !== null) refuse(response, this.problem);
    else if (/\/events\/stream\?/.test(url)) this.#stream(headers['last-event-id'] as string | undefined, response);
    else if (/\/events\?/.test(url)) this.#list(new URL(url, this.url).searchParams, response);
    else json(response, { data: [] });
  }

  #list(query: URLSearchParams, response: ServerResponse): void {
    const data = this.history.toReversed().slice(0, Number(query.get('limit')));
    json(response, { data: data.map(eventJson), nextCursor: null });
  }

  #stream(lastEventId: string | undefined, response: ServerResponse): void {
    this.asked.push(lastEventId);
    const fate = this.fates.shift() ?? STANDS;
    if (fate.kind === 'refused') {
      refuse(response, fate.error);
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    if (fate.kind === 'silent') return;
    const behind = Number(lastEventId ?? 0);
    const bytes = Buffer.from(
      this.frames
        .filter(({ seq }) => seq === null || seq > behind)
        .map(({ text }) => text)
        .join(''),
    );
    if (fate.kind === 'cut') {
      const { how } = fate;
      response.write(bytes.subarray(0, fate.bytes), () => {
        if (how === 'end') response.end();
        else response.socket?.resetAndDestroy();
      });
      return;
    }
    response.write(bytes.length > 0 ? bytes : HEARTBEAT.text);
    this.#open.add(response);
    response.on('close', () => this.#open.delete(response));
  }
}

function refuse(response: ServerResponse, error: OutkitError): void {
  response.writeHead(ERRORS[error.code].status ?? 500, { 'content-type': 'application/problem+json' });
  response.end(JSON.stringify(problemJson(error)));
}

function json(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
