import { connect, type Socket } from 'node:net';
import type { Heard } from './history.ts';

type OnHeard = (heard: Heard) => void;

const HEAD_END = '\r\n\r\n';
/** A gateway that is not there is asked again soon, but not at once. */
const RECONNECT_MS = 50;

/**
 * One kept connection to the renderer of a gateway, on which any number of requests wait for their answers. When it breaks, nobody will hear
 * those: they are `cut`, and it connects again.
 */
export class RequestPipe {
  readonly #port: number;
  #socket: Socket | null = null;
  #received: Buffer = Buffer.alloc(0);
  #waiting: OnHeard[] = [];
  #mayConnectAtMs = 0;
  #isClosed = false;

  constructor(port: number) {
    this.#port = port;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** False when there is no connection, and nothing was sent. */
  send(plaintext: string, onHeard: OnHeard): boolean {
    const socket = this.#connected();
    if (socket === null) return false;
    this.#waiting.push(onHeard);
    socket.write(`GET /components HTTP/1.1\r\nhost: 127.0.0.1\r\nx-outkit-api-key: ${plaintext}\r\n\r\n`, 'latin1');
    return true;
  }

  close(): void {
    this.#isClosed = true;
    this.#socket?.destroy();
  }

  #connected(): Socket | null {
    if (this.#socket !== null) return this.#socket;
    if (this.#isClosed || performance.now() < this.#mayConnectAtMs) return null;
    const socket = connect({ host: '127.0.0.1', port: this.#port, noDelay: true });
    this.#socket = socket;
    socket.on('error', () => {});
    socket.on('data', (chunk) => this.#read(chunk));
    socket.on('close', () => this.#lose());
    return socket;
  }

  #lose(): void {
    const lost = this.#waiting;
    this.#socket = null;
    this.#received = Buffer.alloc(0);
    this.#waiting = [];
    this.#mayConnectAtMs = performance.now() + RECONNECT_MS;
    for (const onHeard of lost) onHeard('cut');
  }

  #read(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    for (;;) {
      const headEnd = this.#received.indexOf(HEAD_END);
      if (headEnd === -1) return;
      const head = this.#received.toString('latin1', 0, headEnd);
      const bodyStart = headEnd + HEAD_END.length;
      const bodyEnd = bodyStart + bodyLength(head);
      if (this.#received.length < bodyEnd) return;
      const heard = heardIn(head, this.#received.subarray(bodyStart, bodyEnd));
      this.#received = this.#received.subarray(bodyEnd);
      this.#waiting.shift()?.(heard);
    }
  }
}

function bodyLength(head: string): number {
  const [, length] = /\r\ncontent-length: (\d+)/i.exec(head) ?? [];
  if (length === undefined) throw new Error(`an answer without a length: ${head}`);
  return Number(length);
}

function heardIn(head: string, body: Buffer): Heard {
  const status = head.slice(9, 12);
  if (status === '200') return 'accepted';
  try {
    const { code } = JSON.parse(body.toString()) as { code?: unknown };
    if (typeof code === 'string') return code;
  } catch {
    // Node itself answers some requests, and without JSON.
  }
  return `status ${status}`;
}
