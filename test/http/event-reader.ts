import { connect, type Socket } from 'node:net';
import { createParser } from 'eventsource-parser';

/** A part of a live log, as a client reads it. */
export interface Frame {
  readonly kind: 'event' | 'gap' | 'end';
  readonly id: number | null;
  readonly data: Record<string, unknown>;
}

interface ReaderOptions {
  /** Origin of the server. */
  readonly url: string;
  /** With its query. */
  readonly path: string;
  readonly token: string;
  readonly lastEventId?: number | null;
  /** Cuts the connection when so many bytes of the body have come. */
  readonly cutAfterBytes?: number;
}

/** Reads a live log over a socket of its own, which can be paused and cut. */
export class EventReader {
  readonly frames: Frame[] = [];
  status = 0;
  heartbeats = 0;
  isClosed = false;
  readonly #socket: Socket;
  #head = Buffer.alloc(0);
  #chunked = Buffer.alloc(0);
  #bodyBytes = 0;
  #onChange = new Set<() => void>();

  constructor({ url, path, token, lastEventId = null, cutAfterBytes = Infinity }: ReaderOptions) {
    const { hostname, port } = new URL(url);
    this.#socket = connect({ host: hostname, port: Number(port) });
    const parser = createParser({
      onEvent: ({ id, event, data }) => {
        const kind = event === 'gap' || event === 'end' ? event : 'event';
        this.frames.push({ kind, id: id === undefined ? null : Number(id), data: JSON.parse(data) });
      },
      onComment: () => {
        this.heartbeats += 1;
      },
    });
    const resumed = lastEventId === null ? '' : `last-event-id: ${lastEventId}\r\n`;
    this.#socket.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${token}\r\n${resumed}\r\n`);
    this.#socket.on('data', (chunk) => {
      for (const text of this.#bodyOf(chunk)) {
        const left = cutAfterBytes - this.#bodyBytes;
        this.#bodyBytes += text.length;
        // An uncut event is in one piece of ASCII: the samples have no other text.
        if (left > 0) parser.feed(text.subarray(0, left).toString('latin1'));
        if (this.#bodyBytes >= cutAfterBytes) this.close();
      }
      this.#changed();
    });
    this.#socket.on('error', () => {});
    this.#socket.on('close', () => {
      this.isClosed = true;
      this.#changed();
    });
  }

  /** Of the body, without the framing of chunks. */
  get bytes(): number {
    return this.#bodyBytes;
  }

  get events(): Frame[] {
    return this.frames.filter(({ kind }) => kind === 'event');
  }

  get lastId(): number | null {
    return this.frames.findLast(({ id }) => id !== null)?.id ?? null;
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(): void {
    this.#socket.resetAndDestroy();
  }

  /** Resolves when that is so; it is asked at each change. */
  async until(isSo: (reader: EventReader) => boolean): Promise<void> {
    while (!isSo(this)) {
      if (this.isClosed) throw new Error(`closed before: ${JSON.stringify(this.frames.at(-1))}`);
      await new Promise<void>((resolve) => this.#onChange.add(resolve));
    }
  }

  async opened(): Promise<this> {
    await this.until(({ heartbeats, status }) => heartbeats > 0 || status >= 400);
    return this;
  }

  async closed(): Promise<void> {
    while (!this.isClosed) await new Promise<void>((resolve) => this.#onChange.add(resolve));
  }

  #changed(): void {
    const waiting = [...this.#onChange];
    this.#onChange.clear();
    for (const wake of waiting) wake();
  }

  /** The pieces of the body in these bytes, without the framing of chunks. */
  #bodyOf(bytes: Buffer): Buffer[] {
    if (this.status === 0) {
      this.#head = Buffer.concat([this.#head, bytes]);
      const end = this.#head.indexOf('\r\n\r\n');
      if (end === -1) return [];
      this.status = Number(/^HTTP\/1\.1 (\d{3})/.exec(this.#head.toString('latin1'))?.[1]);
      bytes = this.#head.subarray(end + 4);
    }
    this.#chunked = Buffer.concat([this.#chunked, bytes]);
    const pieces: Buffer[] = [];
    for (;;) {
      const end = this.#chunked.indexOf('\r\n');
      const size = Number.parseInt(this.#chunked.toString('latin1', 0, Math.max(end, 0)), 16);
      if (end === -1 || !(this.#chunked.length >= end + 4 + size)) return pieces;
      pieces.push(this.#chunked.subarray(end + 2, end + 2 + size));
      this.#chunked = this.#chunked.subarray(end + 4 + size);
    }
  }
}
