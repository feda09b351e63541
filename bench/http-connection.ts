import { connect, type Socket } from 'node:net';

const HEAD_END = '\r\n\r\n';
/** The status of a request whose connection ended before its answer was there. */
export const CUT = 0;

/** One connection to a server of this machine, for one request at a time, with as little work for each as there can be. */
export class HttpConnection {
  readonly #port: number;
  #socket: Socket | null = null;
  #received = '';
  #answered: ((status: number) => void) | null = null;

  constructor(port: number) {
    this.#port = port;
  }

  /** Sends a whole request, and resolves to the status of the answer when all of it is there. Connects again where the server wanted to close. */
  request(bytes: string): Promise<number> {
    this.#socket ??= this.#connected();
    this.#socket.write(bytes, 'latin1');
    return new Promise((resolve) => {
      this.#answered = resolve;
    });
  }

  close(): void {
    this.#socket?.destroy();
  }

  #connected(): Socket {
    const socket = connect({ host: '127.0.0.1', port: this.#port, noDelay: true });
    this.#received = '';
    socket.setEncoding('latin1');
    socket.on('error', () => {});
    socket.on('data', (text: string) => this.#read(socket, text));
    socket.on('close', () => this.#end(socket, CUT));
    return socket;
  }

  #read(socket: Socket, text: string): void {
    if (socket !== this.#socket) return;
    this.#received += text;
    const headEnd = this.#received.indexOf(HEAD_END);
    if (headEnd === -1) return;
    const head = this.#received.slice(0, headEnd).toLowerCase();
    const [, length] = /\r\ncontent-length: (\d+)/.exec(head) ?? [];
    if (length === undefined) throw new Error(`an answer without a length: ${head}`);
    if (this.#received.length < headEnd + HEAD_END.length + Number(length)) return;
    this.#received = '';
    const status = Number(head.slice(9, 12));
    if (head.includes('\r\nconnection: close')) {
      socket.destroy();
      this.#end(socket, status);
    } else this.#answer(status);
  }

  #end(socket: Socket, status: number): void {
    if (socket !== this.#socket) return;
    this.#socket = null;
    this.#answer(status);
  }

  #answer(status: number): void {
    const answered = this.#answered;
    this.#answered = null;
    answered?.(status);
  }
}

/** A request of the renderer, as bytes. */
export function renderRequest(key: string, body: string, { agent = 'bench', query = '?stream=false' } = {}): string {
  const headers = [
    `POST /render/enhance${query} HTTP/1.1`,
    'host: 127.0.0.1',
    `x-outkit-api-key: ${key}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    `user-agent: ${agent}`,
  ];
  return `${headers.join('\r\n')}${HEAD_END}${body}`;
}
