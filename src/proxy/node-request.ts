/** What is needed of Node's `IncomingMessage`, and of what Express and its like put on it. */
export interface NodeRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly rawHeaders: readonly string[];
  readonly complete: boolean;
  readonly readableDidRead: boolean;
  /** The body, where something has parsed it already. */
  readonly body?: unknown;
  iterator(options: { destroyOnReturn: boolean }): AsyncIterable<Uint8Array>;
  on(event: 'data', listener: (chunk: Uint8Array) => void): unknown;
  destroy(): unknown;
}

/** What a client may still send after its answer. */
const MAX_LATE_BYTES = 4 * 1024 * 1024;

/** A web-standard request; `signal` is that of a client that goes away. Throws for headers that no HTTP parser lets through. */
export function toWebRequest(request: NodeRequest, signal: AbortSignal): Request {
  // Neither the Host header nor an absolute or `//` target may choose the origin: only path and query are the client's.
  const url = new URL('http://localhost');
  const [path = '/', ...query] = (request.url ?? '/').split('?');
  url.pathname = path;
  url.search = query.join('?');
  const headers = webHeaders(request.rawHeaders);
  // Any other method is refused alike, and a web-standard request cannot have all of them.
  if (request.method !== 'POST') return new Request(url, { method: 'GET', headers, signal });
  // Node's `fetch` types have no `duplex`, without which it takes no stream.
  const init = { method: 'POST', headers, signal, body: bodyOf(request), duplex: 'half' };
  return new Request(url, init as RequestInit);
}

/** Takes what the client still sends, so that it gets to read its answer, and cuts it off when that does not end. */
export function discardRest(request: NodeRequest, web: Request): void {
  if (request.complete) return;
  if (web.body?.locked === false) void web.body.cancel().catch(() => {});
  let length = 0;
  request.on('data', (chunk) => {
    length += chunk.byteLength;
    if (length > MAX_LATE_BYTES) request.destroy();
  });
}

function webHeaders(rawHeaders: readonly string[]): Headers {
  const headers = new Headers();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = rawHeaders.slice(index, index + 2);
    // HTTP/2 has its request line among the headers.
    if (!name.startsWith(':')) headers.append(name, value);
  }
  return headers;
}

/** The stream, unless somebody has read it and left what it held in `body`; some leave an empty object there without having read. */
function bodyOf(request: NodeRequest): ReadableStream<Uint8Array> | Uint8Array | string {
  const { body, readableDidRead } = request;
  if (!readableDidRead || body === undefined) return ReadableStream.from(request.iterator({ destroyOnReturn: false }));
  return typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
}
