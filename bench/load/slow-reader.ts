import { connect, type Socket } from 'node:net';
import { renderRequest } from '../http-connection.ts';

const READ_MS = 50;
const BYTES_A_READ = 4_096;
/** More than the buffers of the system between the two hold, so that the server has to wait. */
const PARAGRAPHS = 8_000;
const BODY = JSON.stringify({ content: '# Title\n\nA paragraph of some length, as they are.\n\n'.repeat(PARAGRAPHS) });
/** Of a chunked answer. */
const LAST_CHUNK = '0\r\n\r\n';

/** Asks for one long stream after the other, each on a connection of its own, and reads it at 80 KB a second. */
export class SlowReader {
  answers = 0;
  /** Streams that ended before they were whole. */
  cuts = 0;
  readonly #port: number;
  readonly #key: string;
  readonly #timer: NodeJS.Timeout;
  #socket: Socket | null = null;
  #end = '';

  constructor(port: number, key: string) {
    this.#port = port;
    this.#key = key;
    this.#timer = setInterval(() => this.#read(), READ_MS);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#socket?.destroy();
    this.#socket = null;
  }

  #connected(): Socket {
    const socket = connect({ host: '127.0.0.1', port: this.#port, noDelay: true });
    socket.on('error', () => {});
    // What nobody reads waits in the system, and then at the server.
    socket.on('readable', () => {});
    socket.on('close', () => {
      if (socket !== this.#socket) return;
      this.#socket = null;
      this.cuts += 1;
    });
    socket.write(renderRequest(this.#key, BODY, { query: '' }), 'latin1');
    this.#end = '';
    return socket;
  }

  #read(): void {
    this.#socket ??= this.#connected();
    const bytes: Buffer | null = this.#socket.read(BYTES_A_READ) ?? this.#socket.read();
    if (bytes === null) return;
    this.#end = (this.#end + bytes.toString('latin1')).slice(-LAST_CHUNK.length);
    if (this.#end !== LAST_CHUNK) return;
    this.answers += 1;
    this.#socket.destroy();
    this.#socket = null;
  }
}
