import { connect, type Socket } from 'node:net';

/** One answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number;
  /** Names in lower case, in the order of the wire. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

export interface RawRequest {
  readonly method?: string;
  readonly target?: string;
  /** Replaces the `Host` of the server. */
  readonly host?: string;
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: string;
}

/** A request byte for byte as it is given, each character one byte. `content-length` is added when there is a body. */
export function rawRequest({ method = 'GET', target = '/components', host, headers = [], body }: RawRequest): string {
  const lines = [`${method} ${target} HTTP/1.1`, `host: ${host ?? 'localhost'}`];
  for (const [name, value] of headers) lines.push(`${name}: ${value}`);
  if (body !== undefined) lines.push(`content-length: ${Buffer.byteLength(body, 'latin1')}`);
  return `${lines.join('\r\n')}\r\n\r\n${body ?? ''}`;
}

/** A connection that sends what `fetch` refuses to send. Reads answers one after the other. */
export class RawConnection {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #isClosed = false;
  #onChange: () => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#onChange();
    });
    // A server that cuts a connection resets it when bytes are still under way: that is an end like another.
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#isClosed = true;
      this.#onChange();
    });
  }

  static async open(url: string): Promise<RawConnection> {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return new RawConnection(socket);
  }

  send(latin1: string): void {
    this.#socket.write(latin1, 'latin1');
  }

  /** Whether the server has closed the connection. Waits for it when it has not. */
  async closed(): Promise<void> {
    while (!this.#isClosed) await this.#changed();
  }

  /** The next answer, interim ones (1xx) too. `toHead` says that it has no body whatever its headers say. */
  async answer(toHead = false): Promise<RawAnswer> {
    for (;;) {
      const end = this.#received.indexOf('\r\n\r\n');
      if (end !== -1) return this.#finish(parseHead(this.#received.toString('latin1', 0, end)), end + 4, toHead);
      if (this.#isClosed) throw new Error(`closed without an answer: ${this.#received.toString('latin1')}`);
      await this.#changed();
    }
  }

  /** Everything that comes until the server closes the connection. */
  async rest(): Promise<string> {
    await this.closed();
    return this.#received.toString('latin1');
  }

  close(): void {
    this.#socket.destroy();
  }

  reset(): void {
    this.#socket.resetAndDestroy();
  }

  async #finish(head: Omit<RawAnswer, 'body'>, bodyStart: number, toHead: boolean): Promise<RawAnswer> {
    this.#received = this.#received.subarray(bodyStart);
    const bodiless = toHead || head.status < 200 || head.status === 204 || head.status === 304;
    if (bodiless) return { ...head, body: '' };
    if (headerOf(head, 'transfer-encoding') === 'chunked') return { ...head, body: await this.#chunks() };
    const length = headerOf(head, 'content-length');
    if (length === null) await this.closed();
    return { ...head, body: await this.#take(length === null ? this.#received.length : Number(length)) };
  }

  async #chunks(): Promise<string> {
    let body = '';
    for (;;) {
      const size = Number.parseInt(await this.#line(), 16);
      body += await this.#take(size);
      await this.#line();
      if (size === 0) return body;
    }
  }

  async #line(): Promise<string> {
    while (this.#received.indexOf('\r\n') === -1) await this.#more();
    const text = await this.#take(this.#received.indexOf('\r\n') + 2);
    return text.slice(0, -2);
  }

  async #take(length: number): Promise<string> {
    while (this.#received.length < length) await this.#more();
    const text = this.#received.toString('latin1', 0, length);
    this.#received = this.#received.subarray(length);
    return text;
  }

  async #more(): Promise<void> {
    if (this.#isClosed) throw new Error('closed inside an answer');
    await this.#changed();
  }

  #changed(): Promise<void> {
    return new Promise((resolve) => {
      this.#onChange = resolve;
    });
  }
}

/** Value of a header, `null` without it; throws when it is there twice. */
export function headerOf({ headers }: Pick<RawAnswer, 'headers'>, name: string): string | null {
  const values = headers.filter(([candidate]) => candidate === name).map(([, value]) => value);
  if (values.length > 1) throw new Error(`${name} is there ${values.length} times`);
  return values[0] ?? null;
}

/** Sends these bytes on a connection of their own, reads one answer and hangs up. */
export async function exchange(url: string, latin1: string): Promise<RawAnswer> {
  const connection = await RawConnection.open(url);
  try {
    connection.send(latin1);
    return await connection.answer();
  } finally {
    connection.close();
  }
}

function parseHead(text: string): Omit<RawAnswer, 'body'> {
  const [statusLine = '', ...lines] = text.split('\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1]);
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
  });
  return { status, headers };
}
